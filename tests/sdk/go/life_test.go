// SPDX-License-Identifier: Apache-2.0

package sdk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/databricks/databricks-sdk-go/apierr"
	"github.com/databricks/databricks-sdk-go/common/types/duration"
	"github.com/databricks/databricks-sdk-go/common/types/fieldmask"
	"github.com/databricks/databricks-sdk-go/service/postgres"
)

func mask(paths ...string) fieldmask.FieldMask { return *fieldmask.New(paths) }

func TestProject(t *testing.T) {
	l := newLab(t)
	w := l.client("", nil)
	project := made[*postgres.Project](t)(createProject(w, "shop",
		postgres.ProjectSpec{DisplayName: "Shop", PgVersion: 16}))
	equal(t, "name", project.Name, shop)
	equal(t, "project_id", project.ProjectId, "shop")
	equal(t, "display_name", project.Status.DisplayName, "Shop")
	equal(t, "pg_version", project.Status.PgVersion, 16)
	equal(t, "size limit", project.Status.BranchLogicalSizeLimitBytes, 8<<40)
	equal(t, "retention", project.Status.HistoryRetentionDuration.AsDuration(), 7*24*time.Hour)
	equal(t, "default branch", project.Status.DefaultBranch, production)
	equal(t, "spec is echoed", project.Spec != nil, false)

	update := made[postgres.UpdateProjectOperationInterface](t)(w.Postgres.UpdateProject(ctx,
		postgres.UpdateProjectRequest{Name: shop, UpdateMask: mask("spec.display_name"),
			Project: postgres.Project{Spec: &postgres.ProjectSpec{
				DisplayName: "Renamed", EnablePgNativeLogin: true}}}))
	renamed := made[*postgres.Project](t)(update.Wait(ctx))
	equal(t, "display_name", renamed.Status.DisplayName, "Renamed")
	equal(t, "what the mask did not name", renamed.Status.EnablePgNativeLogin, false)

	remove := func(purge bool) {
		t.Helper()
		operation := made[postgres.DeleteProjectOperationInterface](t)(w.Postgres.DeleteProject(
			ctx, postgres.DeleteProjectRequest{Name: shop, Purge: purge}))
		must(t, operation.Wait(ctx))
	}
	remove(false)
	gone := made[*postgres.Project](t)(w.Postgres.GetProject(ctx, postgres.GetProjectRequest{Name: shop}))
	equal(t, "time until the purge", gone.PurgeTime.AsTime().Sub(gone.DeleteTime.AsTime()), 7*24*time.Hour)
	undelete := made[postgres.UndeleteProjectOperationInterface](t)(w.Postgres.UndeleteProject(
		ctx, postgres.UndeleteProjectRequest{Name: shop}))
	must(t, undelete.Wait(ctx))
	remove(true)
	_, err := w.Postgres.GetProject(ctx, postgres.GetProjectRequest{Name: shop})
	fails(t, err, apierr.ErrNotFound, "project id not found")
}

func TestBranch(t *testing.T) {
	_, w := withShop(t)
	branch := made[*postgres.Branch](t)(createBranch(w, "dev",
		postgres.BranchSpec{Ttl: duration.New(time.Hour)}))
	equal(t, "source_branch", branch.Status.SourceBranch, production)
	equal(t, "state", branch.Status.CurrentState, postgres.BranchStatusStateReady)
	equal(t, "life", branch.Status.ExpireTime.AsTime().Sub(branch.CreateTime.AsTime()), time.Hour)

	update := made[postgres.UpdateBranchOperationInterface](t)(w.Postgres.UpdateBranch(ctx,
		postgres.UpdateBranchRequest{Name: dev, UpdateMask: mask("spec.expiration", "spec.is_protected"),
			Branch: postgres.Branch{Spec: &postgres.BranchSpec{NoExpiry: true, IsProtected: true}}}))
	branch = made[*postgres.Branch](t)(update.Wait(ctx))
	equal(t, "is_protected", branch.Status.IsProtected, true)
	equal(t, "it expires", branch.Status.ExpireTime != nil, false)
	_, err := w.Postgres.DeleteBranch(ctx, postgres.DeleteBranchRequest{Name: dev})
	fails(t, err, apierr.ErrBadRequest, "cannot delete protected branch")

	update = made[postgres.UpdateBranchOperationInterface](t)(w.Postgres.UpdateBranch(ctx,
		postgres.UpdateBranchRequest{Name: dev, UpdateMask: mask("spec.is_protected"),
			Branch: postgres.Branch{Spec: &postgres.BranchSpec{
				ForceSendFields: []string{"IsProtected"}}}}))
	made[*postgres.Branch](t)(update.Wait(ctx))
	operation := made[postgres.DeleteBranchOperationInterface](t)(w.Postgres.DeleteBranch(ctx,
		postgres.DeleteBranchRequest{Name: dev}))
	must(t, operation.Wait(ctx))
	undelete := made[postgres.UndeleteBranchOperationInterface](t)(w.Postgres.UndeleteBranch(ctx,
		postgres.UndeleteBranchRequest{Name: dev}))
	must(t, undelete.Wait(ctx))
	equal(t, "uid after undelete", made[*postgres.Branch](t)(w.Postgres.GetBranch(ctx,
		postgres.GetBranchRequest{Name: dev})).Uid, branch.Uid)
}

func TestEndpoint(t *testing.T) {
	_, w := withShop(t)
	name := production + "/endpoints/replica"
	create := made[postgres.CreateEndpointOperationInterface](t)(w.Postgres.CreateEndpoint(ctx,
		postgres.CreateEndpointRequest{Parent: production, EndpointId: "replica",
			Endpoint: postgres.Endpoint{Spec: &postgres.EndpointSpec{
				EndpointType:          postgres.EndpointTypeEndpointTypeReadOnly,
				AutoscalingLimitMinCu: 0.5, AutoscalingLimitMaxCu: 2,
				SuspendTimeoutDuration: duration.New(5 * time.Minute)}}}))
	endpoint := made[*postgres.Endpoint](t)(create.Wait(ctx))
	equal(t, "name", endpoint.Name, name)
	equal(t, "min", endpoint.Status.AutoscalingLimitMinCu, 0.5)
	equal(t, "state", endpoint.Status.CurrentState, postgres.EndpointStatusStateActive)
	equal(t, "suspension", endpoint.Status.SuspendTimeoutDuration.AsDuration(), 5*time.Minute)
	equal(t, "host starts with the uid", strings.HasPrefix(endpoint.Status.Hosts.Host, endpoint.Uid+"."), true)

	update := made[postgres.UpdateEndpointOperationInterface](t)(w.Postgres.UpdateEndpoint(ctx,
		postgres.UpdateEndpointRequest{Name: name, UpdateMask: mask("spec.suspension"),
			Endpoint: postgres.Endpoint{Spec: &postgres.EndpointSpec{
				EndpointType: postgres.EndpointTypeEndpointTypeReadOnly, NoSuspension: true}}}))
	endpoint = made[*postgres.Endpoint](t)(update.Wait(ctx))
	equal(t, "it suspends", endpoint.Status.SuspendTimeoutDuration != nil, false)

	operation := made[postgres.DeleteEndpointOperationInterface](t)(w.Postgres.DeleteEndpoint(ctx,
		postgres.DeleteEndpointRequest{Name: name}))
	must(t, operation.Wait(ctx))
	_, err := w.Postgres.GetEndpoint(ctx, postgres.GetEndpointRequest{Name: name})
	fails(t, err, apierr.ErrNotFound, "endpoint id not found")

	_, err = w.Postgres.DeleteEndpoint(ctx, postgres.DeleteEndpointRequest{Name: primary})
	fails(t, err, apierr.ErrBadRequest, "Read-write endpoints cannot be deleted.")
	var details *apierr.APIError
	if !errors.As(err, &details) {
		t.Fatalf("%T is no *apierr.APIError", err)
	}
	info := details.ErrorDetails().ErrorInfo
	if info == nil || info.Metadata["declarative_context"] != "MANAGED_BY_PARENT" {
		t.Errorf("the details do not say MANAGED_BY_PARENT: %v", info)
	}
}

func TestRoleAndDatabase(t *testing.T) {
	_, w := withShop(t)
	createRole := made[postgres.CreateRoleOperationInterface](t)(w.Postgres.CreateRole(ctx,
		postgres.CreateRoleRequest{Parent: production, RoleId: "app",
			Role: postgres.Role{Spec: &postgres.RoleRoleSpec{PostgresRole: "app_role",
				Attributes: &postgres.RoleAttributes{Createdb: true}}}}))
	role := made[*postgres.Role](t)(createRole.Wait(ctx))
	equal(t, "auth_method", role.Status.AuthMethod, postgres.RoleAuthMethodPgPasswordScramSha256)
	equal(t, "createdb", role.Status.Attributes.Createdb, true)

	updateRole := made[postgres.UpdateRoleOperationInterface](t)(w.Postgres.UpdateRole(ctx,
		postgres.UpdateRoleRequest{Name: role.Name, UpdateMask: mask("spec.attributes.createrole"),
			Role: postgres.Role{Spec: &postgres.RoleRoleSpec{
				Attributes: &postgres.RoleAttributes{Createrole: true}}}}))
	role = made[*postgres.Role](t)(updateRole.Wait(ctx))
	equal(t, "createdb is kept", role.Status.Attributes.Createdb, true)
	equal(t, "createrole", role.Status.Attributes.Createrole, true)

	createDatabase := made[postgres.CreateDatabaseOperationInterface](t)(w.Postgres.CreateDatabase(ctx,
		postgres.CreateDatabaseRequest{Parent: production, DatabaseId: "orders",
			Database: postgres.Database{Spec: &postgres.DatabaseDatabaseSpec{
				PostgresDatabase: "orders", Role: role.Name}}}))
	database := made[*postgres.Database](t)(createDatabase.Wait(ctx))
	equal(t, "owner", database.Status.Role, role.Name)
	updateDatabase := made[postgres.UpdateDatabaseOperationInterface](t)(w.Postgres.UpdateDatabase(ctx,
		postgres.UpdateDatabaseRequest{Name: database.Name, UpdateMask: mask("spec.postgres_database"),
			Database: postgres.Database{Spec: &postgres.DatabaseDatabaseSpec{PostgresDatabase: "sales"}}}))
	database = made[*postgres.Database](t)(updateDatabase.Wait(ctx))
	equal(t, "postgres_database", database.Status.PostgresDatabase, "sales")

	removeDatabase := made[postgres.DeleteDatabaseOperationInterface](t)(w.Postgres.DeleteDatabase(ctx,
		postgres.DeleteDatabaseRequest{Name: database.Name}))
	must(t, removeDatabase.Wait(ctx))
	removeRole := made[postgres.DeleteRoleOperationInterface](t)(w.Postgres.DeleteRole(ctx,
		postgres.DeleteRoleRequest{Name: role.Name}))
	must(t, removeRole.Wait(ctx))
	_, err := w.Postgres.GetRole(ctx, postgres.GetRoleRequest{Name: role.Name})
	fails(t, err, apierr.ErrNotFound, "role id not found")
}

func TestCatalogAndSyncedTable(t *testing.T) {
	_, w := withShop(t)
	createCatalog := made[postgres.CreateCatalogOperationInterface](t)(w.Postgres.CreateCatalog(ctx,
		postgres.CreateCatalogRequest{CatalogId: "sales",
			Catalog: postgres.Catalog{Spec: &postgres.CatalogCatalogSpec{
				Branch: production, PostgresDatabase: "databricks_postgres"}}}))
	catalog := made[*postgres.Catalog](t)(createCatalog.Wait(ctx))
	equal(t, "project", catalog.Status.Project, shop)

	createTable := made[postgres.CreateSyncedTableOperationInterface](t)(w.Postgres.CreateSyncedTable(ctx,
		postgres.CreateSyncedTableRequest{SyncedTableId: "sales.public.orders",
			SyncedTable: postgres.SyncedTable{Spec: &postgres.SyncedTableSyncedTableSpec{
				Branch: production, PostgresDatabase: "databricks_postgres",
				SourceTableFullName: "main.raw.orders", PrimaryKeyColumns: []string{"id"},
				CreateDatabaseObjectsIfMissing: true,
				SchedulingPolicy:               postgres.SyncedTableSyncedTableSpecSyncedTableSchedulingPolicySnapshot,
				NewPipelineSpec:                &postgres.NewPipelineSpec{StorageCatalog: "main", StorageSchema: "raw"}}}}))
	table := made[*postgres.SyncedTable](t)(createTable.Wait(ctx))
	equal(t, "state", table.Status.UnityCatalogProvisioningState, postgres.ProvisioningInfoStateActive)

	removeTable := made[postgres.DeleteSyncedTableOperationInterface](t)(w.Postgres.DeleteSyncedTable(ctx,
		postgres.DeleteSyncedTableRequest{Name: table.Name}))
	must(t, removeTable.Wait(ctx))
	_, err := w.Postgres.GetSyncedTable(ctx, postgres.GetSyncedTableRequest{Name: table.Name})
	fails(t, err, apierr.ErrNotFound, "not found")
	removeCatalog := made[postgres.DeleteCatalogOperationInterface](t)(w.Postgres.DeleteCatalog(ctx,
		postgres.DeleteCatalogRequest{Name: catalog.Name}))
	must(t, removeCatalog.Wait(ctx))
}

func TestIterators(t *testing.T) {
	l, w := withShop(t)
	want := []string{"production", "b-0", "b-1", "b-2", "b-3"}
	for _, id := range want[1:] {
		made[*postgres.Branch](t)(createBranch(w, id, postgres.BranchSpec{NoExpiry: true}))
	}
	iterator := w.Postgres.ListBranches(ctx, postgres.ListBranchesRequest{Parent: shop, PageSize: 2})
	var got []string
	for iterator.HasNext(ctx) {
		got = append(got, made[postgres.Branch](t)(iterator.Next(ctx)).BranchId)
	}
	equal(t, "branches", strings.Join(got, " "), strings.Join(want, " "))
	equal(t, "pages", len(l.requests("ListBranches")), 3)

	projects := made[[]postgres.Project](t)(w.Postgres.ListProjectsAll(ctx, postgres.ListProjectsRequest{}))
	equal(t, "projects", len(projects), 1)
	roles := made[[]postgres.Role](t)(w.Postgres.ListRolesAll(ctx,
		postgres.ListRolesRequest{Parent: production, PageSize: 1}))
	equal(t, "roles", len(roles), 1)
	_, err := w.Postgres.ListBranchesAll(ctx, postgres.ListBranchesRequest{Parent: "projects/none"})
	fails(t, err, apierr.ErrNotFound, "Project with name 'projects/none' not found")
}
