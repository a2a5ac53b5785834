// SPDX-License-Identifier: Apache-2.0
package mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.error.platform.AlreadyExists;
import com.databricks.sdk.core.error.platform.BadRequest;
import com.databricks.sdk.core.error.platform.InvalidParameterValue;
import com.databricks.sdk.core.error.platform.NotFound;
import com.databricks.sdk.core.error.platform.ResourceConflict;
import com.databricks.sdk.service.iam.AccessControlRequest;
import com.databricks.sdk.service.iam.MeRequest;
import com.databricks.sdk.service.iam.ObjectPermissions;
import com.databricks.sdk.service.iam.PermissionLevel;
import com.databricks.sdk.service.iam.UpdateObjectPermissions;
import com.databricks.sdk.service.postgres.*;
import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The published Java SDK through the life of each resource. Every test has its own workspace. */
class LifeTest {
  static final String SHOP = "projects/shop";
  static final String PRODUCTION = SHOP + "/branches/production";

  static Project shop(WorkspaceClient w) throws Exception {
    Project project = new Project().setSpec(new ProjectSpec().setDisplayName("Shop"));
    return w.postgres()
        .createProject(new CreateProjectRequest().setProjectId("shop").setProject(project))
        .waitForCompletion();
  }

  static CreateBranchOperation createBranch(WorkspaceClient w, String id, BranchSpec spec) {
    return w.postgres()
        .createBranch(
            new CreateBranchRequest()
                .setParent(SHOP)
                .setBranchId(id)
                .setBranch(new Branch().setSpec(spec)));
  }

  static FieldMask mask(String... paths) {
    return FieldMask.newBuilder().addAllPaths(List.of(paths)).build();
  }

  @Test
  void project() throws Exception {
    WorkspaceClient w = new Lab("project").client(0);
    Project project = shop(w);
    assertEquals(SHOP, project.getName());
    assertEquals("Shop", project.getStatus().getDisplayName());
    assertEquals(17L, project.getStatus().getPgVersion());
    assertEquals(604800, project.getStatus().getHistoryRetentionDuration().getSeconds());
    assertNull(project.getSpec());

    ProjectSpec renamed = new ProjectSpec().setDisplayName("Renamed").setEnablePgNativeLogin(true);
    project =
        w.postgres()
            .updateProject(
                new UpdateProjectRequest()
                    .setName(SHOP)
                    .setProject(new Project().setSpec(renamed))
                    .setUpdateMask(mask("spec.display_name")))
            .waitForCompletion();
    assertEquals("Renamed", project.getStatus().getDisplayName());
    assertFalse(project.getStatus().getEnablePgNativeLogin());

    w.postgres().deleteProject(SHOP).waitForCompletion();
    assertNotNull(w.postgres().getProject(SHOP).getPurgeTime());
    w.postgres()
        .undeleteProject(new UndeleteProjectRequest().setName(SHOP))
        .waitForCompletion();
    w.postgres()
        .deleteProject(new DeleteProjectRequest().setName(SHOP).setPurge(true))
        .waitForCompletion();
    assertThrowsExactly(NotFound.class, () -> w.postgres().getProject(SHOP));
  }

  @Test
  void branchAndList() throws Exception {
    WorkspaceClient w = new Lab("branch").client(0);
    shop(w);
    Duration hour = Duration.newBuilder().setSeconds(3600).build();
    Branch branch = createBranch(w, "dev", new BranchSpec().setTtl(hour)).waitForCompletion();
    assertEquals(
        branch.getCreateTime().getSeconds() + 3600, branch.getStatus().getExpireTime().getSeconds());
    createBranch(w, "more", new BranchSpec().setNoExpiry(true)).waitForCompletion();
    List<String> ids = new ArrayList<>();
    for (Branch b :
        w.postgres().listBranches(new ListBranchesRequest().setParent(SHOP).setPageSize(1L))) {
      ids.add(b.getBranchId());
    }
    assertEquals(List.of("production", "dev", "more"), ids);
    w.postgres().deleteBranch(branch.getName()).waitForCompletion();
    assertThrowsExactly(NotFound.class, () -> w.postgres().getBranch(branch.getName()));
  }

  @Test
  void endpointRoleAndDatabase() throws Exception {
    WorkspaceClient w = new Lab("endpoint").client(0);
    shop(w);
    Endpoint replica =
        w.postgres()
            .createEndpoint(
                new CreateEndpointRequest()
                    .setParent(PRODUCTION)
                    .setEndpointId("replica")
                    .setEndpoint(
                        new Endpoint()
                            .setSpec(
                                new EndpointSpec()
                                    .setEndpointType(EndpointType.ENDPOINT_TYPE_READ_ONLY))))
            .waitForCompletion();
    assertEquals(EndpointStatusState.ACTIVE, replica.getStatus().getCurrentState());
    assertTrue(replica.getStatus().getHosts().getHost().startsWith(replica.getUid()));

    Role role =
        w.postgres()
            .createRole(
                new CreateRoleRequest()
                    .setParent(PRODUCTION)
                    .setRoleId("app")
                    .setRole(new Role().setSpec(new RoleRoleSpec().setPostgresRole("app"))))
            .waitForCompletion();
    Database database =
        w.postgres()
            .createDatabase(
                new CreateDatabaseRequest()
                    .setParent(PRODUCTION)
                    .setDatabaseId("orders")
                    .setDatabase(
                        new Database()
                            .setSpec(
                                new DatabaseDatabaseSpec()
                                    .setPostgresDatabase("orders")
                                    .setRole(role.getName()))))
            .waitForCompletion();
    assertEquals(role.getName(), database.getStatus().getRole());
    w.postgres().deleteDatabase(database.getName()).waitForCompletion();
    w.postgres().deleteRole(role.getName()).waitForCompletion();
    w.postgres().deleteEndpoint(replica.getName()).waitForCompletion();

    DatabaseCredential credential =
        w.postgres()
            .generateDatabaseCredential(
                new GenerateDatabaseCredentialRequest()
                    .setEndpoint(PRODUCTION + "/endpoints/primary"));
    assertEquals(3, credential.getToken().split("\\.").length);
  }

  @Test
  void errors() throws Exception {
    Lab lab = new Lab("errors");
    WorkspaceClient w = lab.client(0);
    shop(w);
    assertThrowsExactly(AlreadyExists.class, () -> shop(w));
    assertThrowsExactly(InvalidParameterValue.class, () -> createBranch(w, "x", new BranchSpec()));
    BranchSpec kept = new BranchSpec().setNoExpiry(true);
    assertThrowsExactly(BadRequest.class, () -> createBranch(w, "production", kept));
    lab.call("POST", "/projects/shop/maintenance", Map.of("for", "1 calls"), "");
    ResourceConflict conflict =
        assertThrowsExactly(ResourceConflict.class, () -> createBranch(w, "dev", kept));
    assertEquals(
        "project already has running conflicting operations, scheduling of new ones is prohibited",
        conflict.getMessage());
  }

  @Test
  void permissionsAndMe() throws Exception {
    WorkspaceClient w = new Lab("permissions").client(0);
    shop(w);
    ObjectPermissions seen =
        w.permissions()
            .update(
                new UpdateObjectPermissions()
                    .setRequestObjectType("database-projects")
                    .setRequestObjectId("shop")
                    .setAccessControlList(
                        List.of(
                            new AccessControlRequest()
                                .setUserName("ann@example.com")
                                .setPermissionLevel(PermissionLevel.CAN_USE))));
    assertTrue(
        seen.getAccessControlList().stream()
            .anyMatch(entry -> "ann@example.com".equals(entry.getUserName())));
    assertEquals("admin@example.com", w.currentUser().me(new MeRequest()).getUserName());
  }
}
