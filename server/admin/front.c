/* SPDX-License-Identifier: Apache-2.0 */
#include "admin/front.h"

#include "admin/admin.h"
#include "base/text.h"
#include "lab/serving.h"
#include "lab/state/workspaces.h"

enum lab_verdict front_serve(struct lab *lab, const struct request *req, struct response *resp)
{
	workspace_expire_all(lab);
	if (text_starts(req->path, "/_mock/", NULL) || streq(req->path, "/_mock") ||
		streq(req->path, "/"))
		return admin_serve(lab, req, resp);
	return serve_api(lab, req, resp);
}
