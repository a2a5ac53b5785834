/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes that the service has and the mock does not: each answers 501 with its name. The list is
 * honest work to do; a route that is built leaves it. Most of them were withdrawn from the SDKs in
 * September 2026.
 */
#include "api/route/route.h"

#define BASE "/api/2.0/postgres"
#define PROJECT BASE "/projects/{project_id}"
#define BRANCH PROJECT "/branches/{branch_id}"
#define GROUPS PROJECT "/preview/replication-groups"
#define GROUP GROUPS "/{replication_group_preview_id}"
#define RECOVERY PROJECT "/preview/recovery-branches"
#define ROW(name, verb, template)                                                                  \
	{ name, verb, template, .evidence = EVIDENCE_TYPED, .doc = "Not built." }

const struct route missing_routes[] = {
	ROW("CreateReplicationGroupPreview", "POST", GROUPS),
	ROW("CreateTable", "POST", BASE "/tables"),
	ROW("DeleteForwardEtlConfiguration", "DELETE", BRANCH "/forward-etl/configuration"),
	ROW("DeleteRecoveryBranchPreview", "DELETE", RECOVERY "/{recovery_branch_id}"),
	ROW("DeleteReplicationGroupPreview", "DELETE", GROUP),
	ROW("DeleteTable", "DELETE", BASE "/tables/{table_name}"),
	ROW("DisableForwardEtl", "DELETE", BRANCH "/forward-etl"),
	ROW("FailoverReplicationGroupPreview", "POST", GROUP "/failover"),
	ROW("GetComputeInstance", "GET",
		BRANCH "/endpoints/{endpoint_id}/compute-instances/{compute_instance_id}"),
	ROW("GetForwardEtlMetadata", "GET", BRANCH "/forward-etl/metadata"),
	ROW("GetForwardEtlStatus", "GET", BRANCH "/forward-etl"),
	ROW("GetRecoveryBranchPreview", "GET", RECOVERY "/{recovery_branch_id}"),
	ROW("GetReplicationGroupPreview", "GET", GROUP),
	ROW("GetTable", "GET", BASE "/tables/{table_name}"),
	ROW("InspectRecoveryBranchPreview", "POST", RECOVERY "/{recovery_branch_id}/inspect"),
	ROW("ListComputeInstances", "GET", BRANCH "/endpoints/{endpoint_id}/compute-instances"),
	ROW("ListRecoveryBranchPreviews", "GET", RECOVERY),
	ROW("ListReplicationGroupPreviews", "GET", GROUPS),
	ROW("SwitchoverReplicationGroupPreview", "POST", GROUP "/switchover"),
	ROW("UpdateReplicationGroupPreview", "PATCH", GROUP),
	{ 0 },
};
