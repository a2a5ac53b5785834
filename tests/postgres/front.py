# SPDX-License-Identifier: Apache-2.0
"""What tests of the front have in common: a project, its host, tokens, and logins by hand."""
import rig
import wire

ADMIN = "admin@example.com"


class Login(rig.Case):
    @classmethod
    def setUpClass(cls):
        cls.server = rig.Server(*cls.flags, token="mock-default")
        cls.addClassCleanup(cls.server.close)
        cls.main = cls.server.project()
        cls.endpoint = f"{cls.main}/endpoints/primary"
        cls.port = cls.server.ready["postgres"]["port"]
        cls.ca = cls.server.ready["postgres"]["ca"]
        for name in "ada", "bob":
            cls.grant(cls.server, f"{name}@example.com")

    def setUp(self):
        self.addCleanup(self.server.call, "DELETE", "/_mock/faults")

    @staticmethod
    def grant(server, user):
        server.call("PATCH", "/api/2.0/permissions/database-projects/p", {"access_control_list": [
            {"user_name": user, "permission_level": "CAN_USE"}]})

    def host(self, endpoint=None, key="host", token=None):
        return self.server.api("GET", endpoint or self.endpoint, token=token)["status"]["hosts"][key]

    def token(self, endpoint=None, token=None, **how):
        body = {"endpoint": endpoint or self.endpoint, **how}
        return self.server.api("POST", "credentials", body, token)["token"]

    def open(self, host=None, **how):
        c = wire.Connection(host or self.host(), self.port, **how)
        self.addCleanup(c.close)
        return c

    def enter(self, user=ADMIN, password=None, host=None, database="databricks_postgres", tls=None, **params):
        password = self.token() if password is None else password
        return self.open(host, **(tls or {})).login(user, password, database, **params)

    def turned_away(self, code, words, do, *args, **kwargs):
        with self.assertRaises(wire.Refused) as caught:
            do(*args, **kwargs)
        self.assertEqual((caught.exception.code, str(caught.exception)), (code, words))
        return caught.exception

    def rows(self, since):
        return [r for r in self.server.call("GET", f"/_mock/journal?since={since}")["requests"]
                if r["rpc"] in ("Connect", "Session")]

    def newest(self):
        requests = self.server.call("GET", "/_mock/journal")["requests"]
        return requests[-1]["seq"] if requests else 0
