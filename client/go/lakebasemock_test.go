// SPDX-License-Identifier: Apache-2.0

package lakebasemock

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) { os.Exit(Run(m)) }

// api is the code under test: in a real project, something that uses the SDK.
func api(t *testing.T, w *Workspace, method, path, body string) int {
	t.Helper()
	req, err := http.NewRequest(method, w.URL+"/api/2.0/postgres/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+w.Token())
	reply, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	reply.Body.Close()
	return reply.StatusCode
}

func TestWorkspacesAreIsolated(t *testing.T) {
	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			if status := api(t, w, "GET", "projects/p", ""); status != 404 {
				t.Fatalf("before the create: %d", status)
			}
			if status := api(t, w, "POST", "projects?project_id=p", "{}"); status != 200 {
				t.Fatalf("create: %d", status)
			}
			if status := api(t, w, "GET", "projects/p", ""); status != 200 {
				t.Fatalf("after the create: %d", status)
			}
		})
	}
}

// Tests of one name run at the same time in several packages, or on several machines.
func TestWorkspacesOfOneNameAreIsolated(t *testing.T) {
	if one, two := New(t), New(t); one.Name == two.Name {
		t.Fatalf("both are %s", one.Name)
	}
}

func TestFaultsFireOnce(t *testing.T) {
	w := New(t)
	w.Fault(`{"match":{"rpc":"ListProjects"},"when":{"times":1},"expect":{"fired":1},
		"action":{"type":"unavailable"}}`)
	if first, second := api(t, w, "GET", "projects", ""), api(t, w, "GET", "projects", ""); first != 503 || second != 200 {
		t.Fatalf("got %d, then %d", first, second)
	}
	if rows := w.Journal("ListProjects"); len(rows) != 2 || rows[0].Fault == "" {
		t.Fatalf("journal: %+v", rows)
	}
}

func TestTheClockTurns(t *testing.T) {
	w := New(t)
	w.Freeze(time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC))
	w.Advance(26 * time.Hour)
	var clock struct{ Now time.Time }
	w.Call("GET", "/_mock/clock", nil, &clock)
	if want := time.Date(2040, 1, 2, 2, 0, 0, 0, time.UTC); !clock.Now.Equal(want) {
		t.Fatalf("now %v, want %v", clock.Now, want)
	}
}
