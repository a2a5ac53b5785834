// SPDX-License-Identifier: Apache-2.0
package io.lakebasemock;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands each test an empty {@link Workspace} as a parameter. One server runs for the whole test
 * run: LAKEBASE_MOCK is its path, or the address of a running one; else it is on the PATH.
 */
public final class LakebaseMockExtension implements ParameterResolver, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(LakebaseMockExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Workspace.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // One for the test: what prepares it in @BeforeEach has the same.
    return context.getStore(NAMESPACE).getOrComputeIfAbsent(Workspace.class, key -> workspace(context), Workspace.class);
  }

  private static Workspace workspace(ExtensionContext context) {
    Server server = context.getRoot().getStore(NAMESPACE)
        .getOrComputeIfAbsent(Server.class, key -> Server.start(), Server.class);
    String name = context.getRequiredTestClass().getSimpleName() + "-" + context.getRequiredTestMethod().getName();
    name = name.replaceAll("[^A-Za-z0-9-]+", "-");
    // A test of the same name may run in another JVM at the same time, against the same server.
    name = name.substring(0, Math.min(50, name.length()))
        + String.format("-%08x", ThreadLocalRandom.current().nextInt());
    Workspace workspace = new Workspace(server.url, name);
    workspace.call("POST", "/_mock/reset", "");
    return workspace;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Workspace workspace = context.getStore(NAMESPACE).get(Workspace.class, Workspace.class);
    if (workspace == null) {
      return;
    }
    if (context.getExecutionException().isPresent()) {
      System.err.println("lakebase-mock: requests to " + workspace.name() + "\n"
          + workspace.journal("limit=50"));
    }
    String unfired = workspace.call("GET", "/_mock/faults?unfired=1", "");
    workspace.drop();
    if (unfired.contains("\"expect\"")) {
      throw new AssertionError("fault rules that did not fire as often as expected: " + unfired);
    }
  }

  /** The server process; the root context closes it when the last test is done. */
  private static final class Server implements Store.CloseableResource {
    private final String url;
    private final Process process;

    private Server(String url, Process process) {
      this.url = url;
      this.process = process;
    }

    static Server start() {
      String named = System.getenv().getOrDefault("LAKEBASE_MOCK", "");
      String binary = named.isEmpty() ? "lakebase-mock" : named;
      if (binary.startsWith("http:") || binary.startsWith("https:")) {
        Server running = new Server(binary.replaceAll("/+$", ""), null);
        try {
          new Workspace(running.url, "default").health();
        } catch (IllegalStateException e) {
          throw new IllegalStateException("no lakebase-mock answers at " + binary + ", which LAKEBASE_MOCK names: "
              + "start it there, or give the path of the program instead", e);
        }
        return running;
      }
      try {
        // Its standard input ends with this JVM, however that ends, and takes it along.
        Process process = new ProcessBuilder(binary, "serve", "--listen", "127.0.0.1:0",
            "--log-level", "warn", "--end-with-stdin")
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String line = new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        Matcher ready = Pattern.compile("\"url\":\"([^\"]+)\"").matcher(String.valueOf(line));
        if (!ready.find()) {
          process.destroy();
          throw new IllegalStateException(binary + " did not get ready: is it a lakebase-mock? Put the path of one, "
              + "or the address of a running one, into LAKEBASE_MOCK");
        }
        return new Server(ready.group(1), process);
      } catch (IOException e) {
        throw new IllegalStateException(binary + " cannot be started: install lakebase-mock, or put the path "
            + "of the program, or the address of a running one, into LAKEBASE_MOCK", e);
      }
    }

    @Override
    public void close() {
      if (process != null) {
        process.destroy();
      }
    }
  }
}
