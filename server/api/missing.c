/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes that the service has and the mock does not: each answers 501 with its name. The list is
 * honest work to do; a route that is built leaves it. Most of them were withdrawn from the SDKs in
 * September 2026.
 */
#include "api/route.h"

#define BASE "/api/2.0/postgres"
#define PROJECT BASE "/projects/{project_id}"
#define BRANCH PROJECT "/branches/{branch_id}"
#define GROUPS PROJECT "/preview/replication-groups"
#define GROUP GROUPS "/{replication_group_preview_id}"
#define RECOVERY PROJECT "/preview/recovery-branches"
#define DATABASE BRANCH "/databases/{database_id}"
#define ROW(name, verb, template)                                                                  \
	{ name, verb, template, .evidence = EVIDENCE_TYPED, .doc = "Not built." }

const struct route missing_routes[] = {
	ROW("CreateCdfConfig", "POST", DATABASE "/cdf-configs"),
	ROW("CreateDataApi", "POST", DATABASE "/data-api"),
	ROW("CreateReplicationGroupPreview", "POST", GROUPS),
	ROW("CreateSnapshot", "POST", PROJECT "/snapshots"),
	ROW("CreateTable", "POST", BASE "/tables"),
	ROW("DeleteCdfConfig", "DELETE", DATABASE "/cdf-configs/{cdf_config_id}"),
	ROW("DeleteDataApi", "DELETE", DATABASE "/data-api"),
	ROW("DeleteForwardEtlConfiguration", "DELETE", BRANCH "/forward-etl/configuration"),
	ROW("DeleteRecoveryBranchPreview", "DELETE", RECOVERY "/{recovery_branch_id}"),
	ROW("DeleteReplicationGroupPreview", "DELETE", GROUP),
	ROW("DeleteSnapshot", "DELETE", PROJECT "/snapshots/{snapshot_id}"),
	ROW("DeleteTable", "DELETE", BASE "/tables/{table_name}"),
	ROW("DisableForwardEtl", "DELETE", BRANCH "/forward-etl"),
	ROW("FailoverReplicationGroupPreview", "POST", GROUP "/failover"),
	ROW("GetCdfConfig", "GET", DATABASE "/cdf-configs/{cdf_config_id}"),
	ROW("GetCdfStatus", "GET",
		DATABASE "/cdf-configs/{cdf_config_id}/cdf-statuses/{cdf_status_id}"),
	ROW("GetComputeInstance", "GET",
		BRANCH "/endpoints/{endpoint_id}/compute-instances/{compute_instance_id}"),
	ROW("GetDataApi", "GET", DATABASE "/data-api"),
	ROW("GetForwardEtlMetadata", "GET", BRANCH "/forward-etl/metadata"),
	ROW("GetForwardEtlStatus", "GET", BRANCH "/forward-etl"),
	ROW("GetRecoveryBranchPreview", "GET", RECOVERY "/{recovery_branch_id}"),
	ROW("GetReplicationGroupPreview", "GET", GROUP),
	ROW("GetSnapshot", "GET", PROJECT "/snapshots/{snapshot_id}"),
	ROW("GetSnapshotSchedule", "GET", BRANCH "/snapshot-schedule"),
	ROW("GetTable", "GET", BASE "/tables/{table_name}"),
	ROW("InspectRecoveryBranchPreview", "POST", RECOVERY "/{recovery_branch_id}/inspect"),
	ROW("ListCdfConfigs", "GET", DATABASE "/cdf-configs"),
	ROW("ListCdfStatuses", "GET", DATABASE "/cdf-configs/{cdf_config_id}/cdf-statuses"),
	ROW("ListComputeInstances", "GET", BRANCH "/endpoints/{endpoint_id}/compute-instances"),
	ROW("ListRecoveryBranchPreviews", "GET", RECOVERY),
	ROW("ListReplicationGroupPreviews", "GET", GROUPS),
	ROW("ListSnapshots", "GET", PROJECT "/snapshots"),
	ROW("RevealRolePassword", "POST", BRANCH "/roles/{role_id}/password"),
	ROW("SwitchoverReplicationGroupPreview", "POST", GROUP "/switchover"),
	ROW("UpdateDataApi", "PATCH", DATABASE "/data-api"),
	ROW("UpdateReplicationGroupPreview", "PATCH", GROUP),
	ROW("UpdateSnapshotSchedule", "PATCH", BRANCH "/snapshot-schedule"),
	{ 0 },
};
