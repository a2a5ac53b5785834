// SPDX-License-Identifier: Apache-2.0
package mock;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The /_mock routes of one workspace. */
class Lab {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  static final String URL = System.getenv("MOCK_URL");

  final String workspace;

  Lab(String name) {
    if (URL == null) {
      throw new IllegalStateException("MOCK_URL is not set: tests/sdk/run.sh java sets it");
    }
    workspace = "java-" + name;
    call("POST", "/reset", null, "");
  }

  JsonNode call(String method, String path, Object body, String query) {
    try {
      String text = body == null ? "" : JSON.writeValueAsString(body);
      URI uri = URI.create(URL + "/_mock" + path + "?workspace=" + workspace + query);
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .header("Content-Type", "application/json")
              .method(method, HttpRequest.BodyPublishers.ofString(text))
              .build();
      HttpResponse<String> reply = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      if (reply.statusCode() >= 400) {
        throw new AssertionError(method + " " + path + ": " + reply.statusCode() + " " + reply.body());
      }
      return JSON.readTree(reply.body());
    } catch (java.io.IOException | InterruptedException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  int requests(String rpc) {
    return call("GET", "/journal", null, "&rpc=" + rpc).get("requests").size();
  }

  WorkspaceClient client(int httpTimeoutSeconds) {
    DatabricksConfig config =
        new DatabricksConfig().setHost(URL).setToken("mock-" + workspace).setAuthType("pat");
    if (httpTimeoutSeconds > 0) {
      config.setHttpTimeoutSeconds(httpTimeoutSeconds);
    }
    return new WorkspaceClient(config);
  }
}
