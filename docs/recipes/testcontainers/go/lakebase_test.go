// SPDX-License-Identifier: Apache-2.0

package lakebase

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

func TestCreatesAProject(t *testing.T) {
	testcontainers.SkipIfProviderIsNotHealthy(t)
	ctx := context.Background()
	mock, err := testcontainers.GenericContainer(ctx, testcontainers.GenericContainerRequest{
		ContainerRequest: testcontainers.ContainerRequest{
			Image:        "lakebase-mock:0.1.0",
			ExposedPorts: []string{"4610/tcp"},
			Env:          map[string]string{"LAKEBASE_MOCK_LRO": "sync"},
			WaitingFor:   wait.ForHTTP("/_mock/ready").WithPort("4610/tcp"),
		},
		Started: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer mock.Terminate(ctx)

	host, err := mock.PortEndpoint(ctx, "4610/tcp", "http")
	if err != nil {
		t.Fatal(err)
	}
	req, _ := http.NewRequest("POST", host+"/api/2.0/postgres/projects?project_id=shop", strings.NewReader("{}"))
	req.Header.Set("Authorization", "Bearer mock-containers")
	reply, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode != 200 {
		t.Fatal(reply.Status)
	}
}
