// SPDX-License-Identifier: Apache-2.0
package io.lakebasemock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LakebaseMockExtension.class)
class LakebaseMockExtensionTest {
  /** The code under test: in a real project, something that uses the SDK. */
  private static int api(Workspace w, String method, String path, String body) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(w.url() + "/api/2.0/postgres/" + path))
        .header("Authorization", "Bearer " + w.token())
        .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  @BeforeEach
  void prepare(Workspace w) throws Exception {
    assertEquals(200, api(w, "POST", "projects?project_id=prepared", "{}"));
  }

  @Test
  void whatWasPreparedIsThere(Workspace w) throws Exception {
    assertEquals(200, api(w, "GET", "projects/prepared", ""));
  }

  @Test
  void eachTestStartsEmpty(Workspace w) throws Exception {
    assertEquals(404, api(w, "GET", "projects/p", ""));
    assertEquals(200, api(w, "POST", "projects?project_id=p", "{}"));
  }

  @Test
  void andSoDoesTheNext(Workspace w) throws Exception {
    assertEquals(404, api(w, "GET", "projects/p", ""));
    assertEquals(200, api(w, "POST", "projects?project_id=p", "{}"));
  }

  @Test
  void faultsFireAsOftenAsTheySay(Workspace w) throws Exception {
    w.fault("{\"match\":{\"rpc\":\"ListProjects\"},\"when\":{\"times\":1},\"expect\":{\"fired\":1},"
        + "\"action\":{\"type\":\"unavailable\"}}");
    assertEquals(503, api(w, "GET", "projects", ""));
    assertEquals(200, api(w, "GET", "projects", ""));
  }

  @Test
  void theClockTurns(Workspace w) {
    w.freeze("2040-01-01T00:00:00Z");
    w.advance(Duration.ofHours(26));
    assertTrue(w.call("GET", "/_mock/clock", "").contains("2040-01-02T02:00:00"));
  }

  @Test
  void aRefusalSaysWhy(Workspace w) {
    Exception e = assertThrows(IllegalStateException.class, () -> w.advance(Duration.ofHours(1)));
    assertTrue(e.getMessage().contains("manual"), e.getMessage());
  }
}
