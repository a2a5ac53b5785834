// SPDX-License-Identifier: Apache-2.0
package io.lakebasemock;

import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The mock in a container, for Testcontainers. Needs {@code org.testcontainers:testcontainers} on the class path.
 *
 * <pre>{@code
 * @Container
 * static final LakebaseMockContainer MOCK = new LakebaseMockContainer();
 * }</pre>
 */
public final class LakebaseMockContainer extends GenericContainer<LakebaseMockContainer> {
  private static final int PORT = 4610;

  /** The image of this version, which an engine has after {@code docker load}. */
  public LakebaseMockContainer() {
    this(DockerImageName.parse("lakebase-mock:0.1.0"));
  }

  public LakebaseMockContainer(DockerImageName image) {
    super(image);
    withExposedPorts(PORT);
    waitingFor(Wait.forHttp("/_mock/ready").forPort(PORT));
  }

  /** What DATABRICKS_HOST would be. */
  public String url() {
    return "http://" + getHost() + ":" + getMappedPort(PORT);
  }

  /** A world of its own for one test; its token is {@link Workspace#token}. */
  public Workspace workspace(String name) {
    return new Workspace(url(), name);
  }

  /** A flag of the server by the name of its variable: {@code withSetting("lro", "sync")}. */
  public LakebaseMockContainer withSetting(String flag, String value) {
    return withEnv("LAKEBASE_MOCK_" + flag.toUpperCase(java.util.Locale.ROOT).replace('-', '_'), value);
  }
}
