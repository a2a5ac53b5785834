// SPDX-License-Identifier: Apache-2.0
package io.lakebasemock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LakebaseMockContainerTest {
  /** What can be said without a container engine. */
  @Test
  void itIsDescribedAsTheImageWants() {
    try (LakebaseMockContainer mock = new LakebaseMockContainer().withSetting("max-workspaces", "5")) {
      assertEquals(List.of(4610), mock.getExposedPorts());
      assertEquals("5", mock.getEnvMap().get("LAKEBASE_MOCK_MAX_WORKSPACES"));
    }
  }
}
