# SPDX-License-Identifier: Apache-2.0
"""A client that writes until the server dies, and remembers what it was promised."""
import http.client
import json
import threading

API = "/api/2.0/postgres/"
MAYBE = "maybe"  # the answer never came: applied or not, as a whole


class Expected:
    """What a writer knows of one resource: 'live', 'gone' or MAYBE, and the values it may have."""

    def __init__(self, state):
        self.state = state
        self.values = {}  # field of status: set of values that are right

    def sure(self, field, value):
        self.values[field] = {value}

    def perhaps(self, field, value, otherwise):
        self.values.setdefault(field, {otherwise}).add(value)


class Lost(Exception):
    """The connection broke while a request was on its way."""


class Writer(threading.Thread):
    """Works on projects of its own, one request after the other."""

    def __init__(self, port, name, rng, known):
        super().__init__(daemon=True)
        self.port, self.tag, self.rng, self.known = port, name, rng, known
        self.answered = self.refused = 0
        self.operations = []  # names of those that a 200 spoke of
        self.wrong = []       # answers that no client should get
        self.serial = 0

    def request(self, method, path, body=None):
        """(status, document); Lost when no whole answer came."""
        try:
            self.connection.request(method, API + path, json.dumps(body) if body is not None else None,
                                    {"Authorization": f"Bearer {self.tag}"})
            reply = self.connection.getresponse()
            return reply.status, json.loads(reply.read())
        except (OSError, http.client.HTTPException, ValueError) as e:
            raise Lost(str(e)) from e

    def mutate(self, method, path, body, done, lost):
        try:
            status, document = self.request(method, path, body)
        except Lost:
            lost()
            raise
        if status == 200:
            self.answered += 1
            self.operations.append(document["name"])
            done()
        else:
            self.refused += 1
            if status not in (400, 404, 409, 429):
                self.wrong.append(f"{method} {path}: {status} {document}")

    # ---- what it does ----

    def names(self, depth):
        """Live ones, by the number of segments of their name."""
        return [n for n, x in self.known.items() if x.state == "live" and n.count("/") == depth]

    def fresh(self, letter):
        self.serial += 1
        return f"{letter}{self.rng.randrange(16 ** 6):06x}{self.serial}"

    def create(self, name, path, body):
        self.mutate("POST", path, body,
                    lambda: self.known.update({name: Expected("live")}),
                    lambda: self.known.update({name: Expected(MAYBE)}))

    def create_project(self):
        pid = f"{self.tag}-{self.fresh('p')}"
        self.create(f"projects/{pid}", f"projects?project_id={pid}", {"spec": {"pg_version": 17}})

    def create_child(self):
        project = self.rng.choice(self.names(1) or [None])
        if not project:
            return self.create_project()
        branches = [n for n in self.names(3) if n.startswith(project + "/")]
        parent = self.rng.choice(branches + [f"{project}/branches/production"])
        kind = self.rng.choice(["branch", "role", "endpoint"])
        if kind == "branch":
            parent, spec = project, {"no_expiry": True}
        elif kind == "role":
            spec = {}
        else:
            spec = {"endpoint_type": "ENDPOINT_TYPE_READ_ONLY"}
        collection = {"branch": "branches", "role": "roles", "endpoint": "endpoints"}[kind]
        child = self.fresh(kind[0])
        return self.create(f"{parent}/{collection}/{child}",
                           f"{parent}/{collection}?{kind}_id={child}", {"spec": spec})

    def patch_project(self):
        name = self.rng.choice(self.names(1) or [None])
        if not name:
            return self.create_project()
        known, text = self.known[name], self.fresh("name ")
        before = known.values.get("display_name", {name.split("/")[1]})
        return self.mutate("PATCH", f"{name}?update_mask=spec.display_name",
                           {"spec": {"display_name": text}},
                           lambda: known.sure("display_name", text),
                           lambda: known.values.update({"display_name": before | {text}}))

    def delete(self):
        depth = self.rng.choice([1, 3, 3, 5, 5])
        name = self.rng.choice(self.names(depth) or [None])
        if not name:
            return self.create_child()
        below = [x for n, x in self.known.items() if n == name or n.startswith(name + "/")]

        def set_all(state):
            for x in below:
                if x.state != "gone":
                    x.state = state
        return self.mutate("DELETE", name, None, lambda: set_all("gone"), lambda: set_all(MAYBE))

    def run(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            for _ in range(100000):
                self.rng.choices([self.create_project, self.create_child, self.patch_project,
                                  self.delete], [2, 8, 4, 3])[0]()
        except Lost:
            pass
        finally:
            self.connection.close()
