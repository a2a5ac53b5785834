// SPDX-License-Identifier: Apache-2.0
package io.lakebasemock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

@Testcontainers(disabledWithoutDocker = true)
class LakebaseContainerTest {
  @Container
  private static final GenericContainer<?> MOCK =
      new GenericContainer<>(DockerImageName.parse("lakebase-mock:0.1.0"))
          .withExposedPorts(4610)
          .withEnv("LAKEBASE_MOCK_LRO", "sync")
          .waitingFor(Wait.forHttp("/_mock/ready").forPort(4610));

  @Test
  void createsAProject() throws Exception {
    String host = "http://" + MOCK.getHost() + ":" + MOCK.getMappedPort(4610);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(host + "/api/2.0/postgres/projects?project_id=shop"))
            .header("Authorization", "Bearer mock-containers")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    HttpResponse<String> reply =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(200, reply.statusCode(), reply.body());
  }
}
