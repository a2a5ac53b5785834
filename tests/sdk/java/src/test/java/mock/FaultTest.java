// SPDX-License-Identifier: Apache-2.0
package mock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.postgres.BranchSpec;
import com.databricks.sdk.service.postgres.CreateProjectRequest;
import com.databricks.sdk.service.postgres.Project;
import com.databricks.sdk.service.postgres.ProjectSpec;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How the SDK takes faults: the scenarios of tests/sdk/faults, and what was seen. */
@Execution(ExecutionMode.CONCURRENT)
class FaultTest {
  interface Call {
    void run(WorkspaceClient w) throws Exception;
  }

  record Target(Call call, String name, String rpc) {}

  static final BranchSpec NO_EXPIRY = new BranchSpec().setNoExpiry(true);
  static final String BRANCH = "projects/shop/branches/made";
  static final Map<String, Target> TARGETS =
      Map.of(
          "create_project",
          new Target(
              w ->
                  w.postgres()
                      .createProject(
                          new CreateProjectRequest()
                              .setProjectId("made")
                              .setProject(new Project().setSpec(new ProjectSpec()))),
              "projects/made",
              "CreateProject"),
          "create_branch",
          new Target(w -> LifeTest.createBranch(w, "made", NO_EXPIRY), BRANCH, "CreateBranch"),
          "wait_branch",
          new Target(
              w -> LifeTest.createBranch(w, "made", NO_EXPIRY).waitForCompletion(),
              BRANCH,
              "GetOperation"));

  static String verdictOf(Call call, WorkspaceClient w) {
    try {
      call.run(w);
      return "ok";
    } catch (Throwable e) {
      return e.getClass().getSimpleName();
    }
  }

  static boolean exists(Lab lab, String name) {
    for (JsonNode resource : lab.call("GET", "/state", null, "").get("resources")) {
      if (resource.path("name").asText().equals(name)
          || resource.path("doc").path("name").asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  static void run(JsonNode scenario) throws Exception {
    String id = scenario.get("id").asText();
    Lab lab = new Lab(id);
    LifeTest.shop(lab.client(0));
    Target target = TARGETS.get(scenario.get("call").asText());
    WorkspaceClient w = lab.client(scenario.path("config").path("http_timeout_seconds").asInt());
    if (scenario.has("plan")) {
      Object plan = Map.of("rpc", "CreateBranch", "plan", scenario.get("plan").asText());
      lab.call("PUT", "/lro", Map.of("default", "first-poll", "plans", List.of(plan)), "");
    }
    for (JsonNode rule : scenario.path("faults")) {
      lab.call("POST", "/faults", rule, "");
    }
    lab.call("DELETE", "/journal", null, "");

    ObjectNode seen = Lab.JSON.createObjectNode();
    seen.put("verdict", verdictOf(target.call(), w));
    seen.put("attempts", Integer.toString(lab.requests(target.rpc())));
    seen.put("exists", exists(lab, target.name()));
    assertEquals(0, lab.call("GET", "/faults", null, "&unfired=1").get("faults").size());

    if (System.getenv("SDK_OUT") != null) {
      Path folder = Path.of(System.getenv("SDK_OUT"), "verdicts", "java");
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(id + ".json"), seen.toString());
    }
    if (System.getenv("SDK_UPDATE") == null) {
      assertEquals(scenario.path("seen").get("java"), seen);
    }
  }

  @TestFactory
  Stream<DynamicTest> scenarios() throws Exception {
    JsonNode file = Lab.JSON.readTree(Path.of("..", "faults", "scenarios.json").toFile());
    return StreamSupport.stream(file.get("scenarios").spliterator(), false)
        .filter(scenario -> !scenario.path("skip").has("java"))
        .map(
            scenario ->
                DynamicTest.dynamicTest(scenario.get("id").asText(), () -> run(scenario)));
  }
}
