#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The runner of examples notices what differs, and only that."""
import unittest

import compare
import page

PAGE = """# A page
```sh
echo before any server
```
```sh
./run --seed 7 --strict
```
```sh
echo one
```
prints
```text
one
```
<!-- not run: it needs a lake -->
```sh
swim
```
```text
wet
```
```python
print(2)
```
<!-- not output -->
```json
{"a": 1}
```
## Another section
```json
{"b": 1}
```
"""


class Pages(unittest.TestCase):
    def test_what_is_run(self):
        steps = page.read(PAGE)
        self.assertEqual([type(s).__name__ for s in steps], ["Server", "Block", "Block"])
        self.assertEqual(steps[0].flags, ["--seed", "7", "--strict"])
        self.assertEqual((steps[1].text, steps[1].output[:2]), ("echo one", ("text", "one")))
        self.assertEqual((steps[2].text, steps[2].output), ("print(2)", None))

    def test_output_is_where_it_says(self):
        _, _, first, end = page.read(PAGE)[1].output
        self.assertEqual(PAGE.splitlines()[first:end], ["one"])

    def test_a_block_without_end(self):
        with self.assertRaises(SystemExit):
            page.read("```sh\necho\n")


class Text(unittest.TestCase):
    def same(self, want, got):
        self.assertIsNone(compare.difference("text", want, got))

    def differ(self, want, got):
        self.assertIsNotNone(compare.difference("text", want, got))

    def test_lines(self):
        self.same("a\nb", "a  \nb\n")
        self.differ("a\nb", "a")
        self.differ("a", "a\nb")
        self.differ("a", "b")
        self.differ("", "a")

    def test_what_varies(self):
        self.same("at 2026-01-01T00:00:00Z, 5 ms", "at 2027-02-03T04:05:06.789Z, 12.5 ms")
        self.differ("at 2026-01-01T00:00:00Z", "at noon")
        self.same("ep-fancy-forest-mkpwumng", "ep-old-hill-aaaabbbb")
        self.differ("ep-fancy-forest-mkpwumng", "br-old-hill-aaaabbbb")

    def test_holes(self):
        self.same("took <int> tries", "took 12 tries")
        self.differ("took <int> tries", "took many tries")
        self.same("x<any>", "x")
        self.differ("x<str>", "x")

    def test_rest(self):
        self.same("a\n...\nz", "a\nb\nc\nz")
        self.same("a\n...", "a")
        self.differ("a\n...\nz", "a\nb\nc")


class Json(unittest.TestCase):
    def same(self, want, got):
        self.assertIsNone(compare.difference("json", want, got))

    def differ(self, want, got):
        self.assertIsNotNone(compare.difference("json", want, got))

    def test_values(self):
        self.same('{"a": [1, 2], "b": null}', '{"b":null,"a":[1,2]}')
        self.differ('{"a": 1}', '{"a": 2}')
        self.differ('{"a": 1}', '{"a": true}')
        self.differ('{"a": 1}', '{}')
        self.differ('{}', '{"a": 1}')
        self.differ('[1]', '[1, 2]')
        self.differ('[1, 2]', '[1]')
        self.differ('{"a": 1}', 'no JSON')

    def test_more(self):
        self.same('{"a": 1, ...}', '{"a": 1, "b": 2}')
        self.same('{ ... }', '{"b": 2}')
        self.same('[{"a": 1, ...}, ...]', '[{"a": 1}, 3]')
        self.differ('{"a": 1, ...}', '{"b": 2}')
        self.differ('[1, 2, ...]', '[1]')

    def test_what_varies(self):
        self.same('{"took_us": 5, "time": "2026-01-01T00:00:00Z"}',
                  '{"took_us": 7, "time": "2026-01-02T00:00:00Z"}')
        self.differ('{"gap_ms": null}', '{"gap_ms": 7}')
        self.same('{"n": "<int>", "s": "<any>"}', '{"n": 5, "s": "x"}')
        self.differ('{"n": "<int>"}', '{"n": "x"}')


if __name__ == "__main__":
    unittest.main()
