-- SPDX-License-Identifier: Apache-2.0
-- wrk: each request creates another project.
local n = 0
wrk.method = "POST"
wrk.body = '{"spec":{"display_name":"Bench"}}'
wrk.headers["Content-Type"] = "application/json"
request = function()
  n = n + 1
  return wrk.format(nil, "/api/2.0/postgres/projects?project_id=bench-" .. n)
end
