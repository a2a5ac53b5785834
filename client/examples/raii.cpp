/* SPDX-License-Identifier: Apache-2.0 */
/* From C++: owners that free, and a failure as an exception. */
#include <lakebase.h>

#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

struct Free {
	void operator()(lakebase *lb) const { lakebase_free(lb); }
	void operator()(lakebase_doc *doc) const { lakebase_doc_free(doc); }
	void operator()(lakebase_pages *pages) const { lakebase_pages_free(pages); }
};
using Client = std::unique_ptr<lakebase, Free>;
using Doc = std::unique_ptr<lakebase_doc, Free>;
using Pages = std::unique_ptr<lakebase_pages, Free>;

static void check(int rc)
{
	if (rc != LAKEBASE_OK)
		throw std::runtime_error(lakebase_last_error()->message);
}

int main()
{
	try {
		lakebase *raw = nullptr;
		check(lakebase_new(&raw, nullptr));
		Client lb(raw);

		lakebase_doc *made = nullptr;
		check(lakebase_create(&made, lb.get(), "projects/cpp",
			R"({"spec":{"display_name":"From C++"}})", LAKEBASE_AND_WAIT));
		std::cout << lakebase_doc_string(Doc(made).get(), "status.display_name") << '\n';

		lakebase_pages *walk = nullptr;
		check(lakebase_list(&walk, lb.get(), "projects/cpp/branches", nullptr));
		Pages pages(walk);
		for (lakebase_doc *item = nullptr;;) {
			check(lakebase_pages_next(&item, pages.get()));
			if (!item)
				break;
			std::cout << lakebase_doc_string(Doc(item).get(), "name") << '\n';
		}
	} catch (const std::exception &e) {
		std::cerr << e.what() << '\n';
		return 1;
	}
}
