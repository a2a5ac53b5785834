// SPDX-License-Identifier: Apache-2.0
package io.lakebasemock;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** One isolated world of the mock: its own resources, clock, faults and journal. */
public final class Workspace {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String url;
  private final String name;

  Workspace(String url, String name) {
    this.url = url;
    this.name = name;
  }

  /** What DATABRICKS_HOST would be. */
  public String url() {
    return url;
  }

  /** The bearer token that leads here: DATABRICKS_TOKEN. */
  public String token() {
    return "mock-" + name + ".admin";
  }

  public String name() {
    return name;
  }

  /** Adds one fault rule, given as JSON. */
  public void fault(String rule) {
    call("POST", "/_mock/faults", rule);
  }

  /** Stops the clock at an instant that is not past; then {@link #advance} turns it. */
  public void freeze(String now) {
    call("PUT", "/_mock/clock", "{\"mode\":\"manual\",\"now\":\"" + now + "\"}");
  }

  public void advance(Duration by) {
    call("POST", "/_mock/clock/advance", "{\"by\":\"" + by.toMillis() + "ms\"}");
  }

  /** The requests that arrived, as JSON; filters as in a query: "rpc=CreateProject". */
  public String journal(String filters) {
    return call("GET", "/_mock/journal?" + filters, "");
  }

  /** Any /_mock route of this workspace; the document, or an exception with the mock's words. */
  public String call(String method, String path, String body) {
    return send(method, path + (path.contains("?") ? "&" : "?") + "workspace=" + name, body);
  }

  /** What the server says of itself; of no workspace. */
  String health() {
    return send("GET", "/_mock/health", "");
  }

  /** Gone, with all that is in it. */
  void drop() {
    send("DELETE", "/_mock/workspaces/" + name, "");
  }

  private String send(String method, String path, String body) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(30))
        .header("Content-Type", "application/json")
        .method(method, HttpRequest.BodyPublishers.ofString(body)).build();
    try {
      HttpResponse<String> reply = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      if (reply.statusCode() >= 300) {
        throw new IllegalStateException(method + " " + path + ": " + reply.body());
      }
      return reply.body();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
