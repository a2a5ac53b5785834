// SPDX-License-Identifier: Apache-2.0

package sdk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/databricks/databricks-sdk-go"
	"github.com/databricks/databricks-sdk-go/apierr"
	"github.com/databricks/databricks-sdk-go/common/types/duration"
	"github.com/databricks/databricks-sdk-go/experimental/api"
	"github.com/databricks/databricks-sdk-go/service/iam"
	"github.com/databricks/databricks-sdk-go/service/postgres"
)

func TestErrorKinds(t *testing.T) {
	l, w := withShop(t)
	_, err := createProject(w, "shop", postgres.ProjectSpec{})
	fails(t, err, apierr.ErrAlreadyExists, "project with such id already exists in the workspace")
	fails(t, err, apierr.ErrResourceConflict, "")
	_, err = createProject(w, "Shop", postgres.ProjectSpec{})
	fails(t, err, apierr.ErrInvalidParameterValue, "project_id")
	_, err = createBranch(w, "dev", postgres.BranchSpec{})
	fails(t, err, apierr.ErrInvalidParameterValue, "Expiration must be specified when creating a branch")
	_, err = createBranch(w, "production", postgres.BranchSpec{NoExpiry: true})
	fails(t, err, apierr.ErrBadRequest, `branch already exists; branch_name:"production"`)
	_, err = w.Postgres.GetBranch(ctx, postgres.GetBranchRequest{Name: shop + "/branches/none"})
	fails(t, err, apierr.ErrNotFound, "branch id not found")
	_, err = w.Postgres.UpdateProject(ctx, postgres.UpdateProjectRequest{Name: shop,
		UpdateMask: mask("spec.nonsense"), Project: postgres.Project{Spec: &postgres.ProjectSpec{}}})
	fails(t, err, apierr.ErrInvalidParameterValue, "Unknown field path in update_mask: 'spec.nonsense'")
	_, err = w.Postgres.UpdateProject(ctx, postgres.UpdateProjectRequest{Name: shop,
		UpdateMask: mask("spec.display_name"), Project: postgres.Project{Spec: &postgres.ProjectSpec{}}})
	fails(t, err, apierr.ErrInvalidParameterValue,
		"Field 'spec.display_name' is in update_mask but not provided in request")

	l.call("POST", "/projects/shop/maintenance", map[string]string{"for": "1 calls"}, nil)
	_, err = createBranch(w, "dev", postgres.BranchSpec{NoExpiry: true})
	fails(t, err, apierr.ErrResourceConflict, "project already has running conflicting operations, "+
		"scheduling of new ones is prohibited")
	if errors.Is(err, apierr.ErrAborted) || errors.Is(err, apierr.ErrAlreadyExists) {
		t.Errorf("%v is more than a plain conflict", err)
	}
	made[*postgres.Branch](t)(createBranch(w, "dev", postgres.BranchSpec{NoExpiry: true}))
}

func TestPermissions(t *testing.T) {
	l, w := withShop(t)
	const kind = "database-projects"
	direct := func(permissions *iam.ObjectPermissions) string {
		var found []string
		for _, entry := range permissions.AccessControlList {
			for _, granted := range entry.AllPermissions {
				if !granted.Inherited {
					found = append(found, entry.UserName+entry.GroupName+"="+string(granted.PermissionLevel))
				}
			}
		}
		return strings.Join(found, " ")
	}
	seen := made[*iam.ObjectPermissions](t)(w.Permissions.Update(ctx, iam.UpdateObjectPermissions{
		RequestObjectType: kind, RequestObjectId: "shop",
		AccessControlList: []iam.AccessControlRequest{
			{UserName: "ann@example.com", PermissionLevel: iam.PermissionLevelCanUse}}}))
	equal(t, "object_type", seen.ObjectType, kind)
	equal(t, "direct entries", direct(seen), "admin@example.com=CAN_MANAGE ann@example.com=CAN_USE")

	ann := l.client("ann", nil)
	made[*postgres.Project](t)(ann.Postgres.GetProject(ctx, postgres.GetProjectRequest{Name: shop}))
	_, err := ann.Postgres.DeleteProject(ctx, postgres.DeleteProjectRequest{Name: shop})
	fails(t, err, apierr.ErrPermissionDenied, "")

	seen = made[*iam.ObjectPermissions](t)(w.Permissions.Set(ctx, iam.SetObjectPermissions{
		RequestObjectType: kind, RequestObjectId: "shop",
		AccessControlList: []iam.AccessControlRequest{
			{GroupName: "data-team", PermissionLevel: iam.PermissionLevelCanManage}}}))
	equal(t, "direct entries", direct(seen), "data-team=CAN_MANAGE")
	levels := made[*iam.GetPermissionLevelsResponse](t)(
		w.Permissions.GetPermissionLevelsByRequestObjectTypeAndRequestObjectId(ctx, kind, "shop"))
	equal(t, "there are levels", len(levels.PermissionLevels) >= 2, true)
}

func TestCredentialAndMe(t *testing.T) {
	l, w := withShop(t)
	credential := made[*postgres.DatabaseCredential](t)(w.Postgres.GenerateDatabaseCredential(ctx,
		postgres.GenerateDatabaseCredentialRequest{Endpoint: primary, Ttl: duration.New(10 * time.Minute)}))
	equal(t, "parts of the token", strings.Count(credential.Token, "."), 2)
	left := time.Until(credential.ExpireTime.AsTime())
	if left < 9*time.Minute || left > 11*time.Minute {
		t.Errorf("the credential lives for %v", left)
	}
	equal(t, "me", made[*iam.User](t)(w.CurrentUser.Me(ctx, iam.MeRequest{})).UserName, "admin@example.com")
	equal(t, "somebody else", made[*iam.User](t)(l.client("ann", nil).CurrentUser.Me(ctx, iam.MeRequest{})).UserName,
		"ann@example.com")
	made[int64](t)(w.CurrentWorkspaceID(ctx))
}

// The OAuth token request of this SDK has a chunked body.
func TestOAuthClientCredentials(t *testing.T) {
	l := newLab(t)
	w, err := databricks.NewWorkspaceClient(&databricks.Config{Host: l.url, AuthType: "oauth-m2m",
		ClientID: l.token("robot"), ClientSecret: "any"})
	must(t, err)
	project := made[*postgres.Project](t)(createProject(w, "by-robot", postgres.ProjectSpec{}))
	equal(t, "owner", project.Status.Owner, l.token("robot"))
}

func TestWaiterTimeout(t *testing.T) {
	l, w := withShop(t)
	l.call("PUT", "/lro", map[string]any{"default": "stuck"}, nil)
	operation := made[postgres.CreateBranchOperationInterface](t)(w.Postgres.CreateBranch(ctx,
		postgres.CreateBranchRequest{Parent: shop, BranchId: "dev",
			Branch: postgres.Branch{Spec: &postgres.BranchSpec{NoExpiry: true}}}))
	_, err := operation.Wait(ctx, api.WithTimeout(time.Second))
	if err == nil {
		t.Fatal("an operation that never ends has ended")
	}
	equal(t, "done", made[bool](t)(operation.Done()), false)
}
