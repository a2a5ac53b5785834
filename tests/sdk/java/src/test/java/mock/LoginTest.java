// SPDX-License-Identifier: Apache-2.0
package mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.service.iam.MeRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code databricks auth login} has stored serves the SDK, too. */
class LoginTest {
  @Test
  void sessionOfTheCli(@TempDir Path folder) throws Exception {
    Path cli = Path.of(System.getenv("SDK_CACHE"), "bin", "databricks");
    assumeTrue(Files.isExecutable(cli), "the CLI is not built: tests/sdk/run.sh cli");
    ProcessBuilder login =
        new ProcessBuilder(
            cli.toString(), "auth", "login", "--host", Lab.URL, "--profile", "mock");
    login.environment().keySet().removeIf(name -> name.startsWith("DATABRICKS_"));
    login.environment().put("BROWSER", Path.of("..", "harness", "browser.sh").toRealPath().toString());
    login.environment().put("LOGIN_HINT", "mock-java-login.ann");
    login.environment().put("DATABRICKS_CONFIG_FILE", folder.resolve("databrickscfg").toString());
    login.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    login.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.INHERIT);
    assertEquals(0, login.start().waitFor());
    WorkspaceClient w =
        new WorkspaceClient(
            new DatabricksConfig()
                .setHost(Lab.URL)
                .setAuthType("databricks-cli")
                .setDatabricksCliPath(cli.toString()));
    assertEquals("ann@example.com", w.currentUser().me(new MeRequest()).getUserName());
  }
}
