#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sizes and settings of endpoints are those of the server."""
import rig


class Settings(rig.Case):
    def patch(self, main, settings):
        return self.server.lro("PATCH", f"{main}/endpoints/primary?update_mask=spec.settings",
                               {"spec": {"settings": {"pg_settings": settings}}})

    def show(self, main, name):
        return self.server.psql(main, f"SHOW {name}")[0][0]

    def test_shown_at_once_and_after_a_start(self):
        main = self.server.project()
        self.assertEqual(self.show(main, "work_mem"), "4MB")
        pid = self.server.clusters()[main]["pid"]
        self.patch(main, {"work_mem": "8MB", "app.tenant": "x'y"})
        self.assertEqual(self.show(main, "work_mem"), "8MB")
        self.assertEqual(self.show(main, "app.tenant"), "x'y")
        self.assertEqual(self.server.clusters()[main]["pid"], pid)
        self.server.suspend(main)
        self.assertEqual(self.show(main, "work_mem"), "8MB")
        self.patch(main, {})
        self.assertEqual(self.show(main, "work_mem"), "4MB")

    def test_one_that_needs_a_start_ends_sessions(self):
        main = self.server.project()
        self.server.psql(main, "SELECT 1")
        session = self.server.psql(main, "SELECT pg_sleep(60)", start=True)
        self.await_("1", lambda: self.server.psql(main, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%sleep(60)%' "
                                                  "AND pid <> pg_backend_pid()")[0][0])
        self.patch(main, {"max_locks_per_transaction": "100"})
        self.assertEqual(self.show(main, "max_locks_per_transaction"), "100")
        self.assertIn("terminating connection due to administrator command", session.communicate()[1])

    def test_refused_awake_and_asleep(self):
        main = self.server.project()
        for name, value, words in (("no_such_setting", "1", "no_such_setting"), ("work_mem", "lots", "work_mem"),
                                   ("archive_command", "rm", "cannot be changed"), ("port", "1", "cannot be changed"),
                                   ("shared_preload_libraries", "x", "cannot be changed")):
            error = self.refused(words, self.patch, main, {name: value})
            self.assertEqual(error.status, 400, error)
        self.server.psql(main, "SELECT 1")
        self.refused("no_such_setting", self.patch, main, {"no_such_setting": "1"})
        self.refused("nor_this", self.server.project, "q", default_endpoint_settings={"pg_settings": {"nor_this": "1"}})

    def test_size_is_the_number_of_connections(self):
        main = self.server.project()
        self.assertEqual(self.show(main, "max_connections"), "209")
        self.server.lro("PATCH", f"{main}/endpoints/primary?update_mask=spec.autoscaling_limit_max_cu,spec.autoscaling_limit_min_cu",
                        {"spec": {"autoscaling_limit_min_cu": 2, "autoscaling_limit_max_cu": 8}})
        self.assertEqual(self.show(main, "max_connections"), "1678")

    def test_fewer_connections_than_the_size_has(self):
        main = self.server.project()
        for asked, shown in ("200", "200"), ("100000", "209"), ("1", "209"):
            self.patch(main, {"max_connections": asked})
            self.assertEqual(self.show(main, "max_connections"), shown)
        self.assertEqual(self.refused("max_connections", self.patch, main, {"max_connections": "many"}).status, 400)


if __name__ == "__main__":
    rig.main()
