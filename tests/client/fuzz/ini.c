/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is in a ~/.databrickscfg: it is read or refused, and what was read is found. */
#include "fuzz/fuzz.h"
#include "liblakebase/config/ini.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lakebase_error e;
	struct lb_ini ini;

	if (lb_ini_parse(&ini, (const char *)data, size, &e) == 0)
		for (size_t i = 0; i < ini.n; i++)
			/* each entry that was read is found again */
			PROMISE(lb_ini_get(&ini, ini.entries[i].section, ini.entries[i].key));
	lb_ini_done(&ini);
	return 0;
}
