/* SPDX-License-Identifier: Apache-2.0 */
/* What is written in a credential, and the key that tells whose it is. */
#include <stdio.h>
#include <string.h>

#include "api/auth/token.h"
#include "base/text.h"
#include "lab/cases.h"

#define ENDPOINT "projects/p/branches/production/endpoints/primary"
#define GENERATE "POST /api/2.0/postgres/credentials"

static struct arena arena;

static void prepare(void)
{
	rig_want(r, "PUT /_mock/lro", "{'default':'sync'}", 200);
	rig_want(r, CREATE, "{}", 200);
}

/* The claims of the credential that a body gets. */
static json_t *claims_of(const char *body)
{
	json_t *claims;

	rig_want(r, GENERATE, body, 200);
	ck_assert_int_eq(signer_verify(r->app->signer, rig_str(r, "token"), &arena, &claims), JWT_GOOD);
	return claims;
}

static void is(const json_t *claims, const char *key, const char *value)
{
	ck_assert_str_eq(json_string_value(json_object_get(claims, key)), value);
}

static json_int_t number(const json_t *claims, const char *key)
{
	ck_assert(json_is_integer(json_object_get(claims, key)));
	return json_integer_value(json_object_get(claims, key));
}

START_TEST(a_credential_says_who_where_and_until_when)
{
	json_t *claims = claims_of("{'endpoint':'" ENDPOINT "'}");

	is(claims, "iss", "https://mock.invalid/oidc");
	is(claims, "sub", "admin@example.com");
	is(claims, "kind", "user");
	is(claims, "aud", "lakebase-mock");
	is(claims, "scope", "postgres");
	is(claims, "endpoint", ENDPOINT);
	is(claims, "workspace", "default");
	ck_assert_int_eq(number(claims, "iat"), RIG_START / USEC_SECOND);
	ck_assert_int_eq(number(claims, "exp"), RIG_START / USEC_SECOND + 3600);
	ck_assert_uint_eq(json_object_size(claims), 9);
	claims = claims_of("{'endpoint':'" ENDPOINT "','ttl':'300s'}");
	ck_assert_int_eq(number(claims, "exp"), RIG_START / USEC_SECOND + 300);
	arena_done(&arena);
}
END_TEST

START_TEST(groups_and_permissions_go_along)
{
	const json_t *claims = claims_of("{'endpoint':'" ENDPOINT "','group_name':'admins','claims':"
					 "[{'permission_set':'READ_ONLY'}]}");

	is(claims, "group_name", "admins");
	is(json_array_get(json_object_get(claims, "claims"), 0), "permission_set", "READ_ONLY");
	ck_assert_uint_eq(json_object_size(claims), 11);
	claims = claims_of("{'endpoint':'" ENDPOINT "','claims':[{'permission_set':'READ_ONLY'}]}");
	ck_assert_ptr_null(json_object_get(claims, "group_name"));
	ck_assert_uint_eq(json_object_size(claims), 10);
	arena_done(&arena);
}
END_TEST

START_TEST(a_service_principal_is_called_one)
{
	const char *token;
	json_t *claims;

	rig_want(r, "PATCH /api/2.0/permissions/database-projects/p",
		"{'access_control_list':[{'service_principal_name':'robot','permission_level':'CAN_USE'}]}",
		200);
	rig_ask_as(r, NULL, "POST /oidc/v1/token",
		"grant_type=client_credentials&client_id=robot&client_secret=s");
	token = arena_strdup(&arena, rig_str(r, "access_token"));
	ck_assert_int_eq(rig_ask_as(r, token, GENERATE, "{'endpoint':'" ENDPOINT "'}"), 200);
	ck_assert_int_eq(signer_verify(r->app->signer, rig_str(r, "token"), &arena, &claims), JWT_GOOD);
	is(claims, "kind", "service_principal");
	is(claims, "sub", "robot");
	arena_done(&arena);
}
END_TEST

START_TEST(an_endpoint_has_a_whole_name)
{
	static const char *const odd[] = { "projects/p/branches/production/endpoints/primary/x",
		"projects/p/branches/production/endpoints/primary/", "projects/p", "projects", "x",
		("/" ENDPOINT), "projects//branches/production/endpoints/primary",
		"projects/p/branches/production/endpoints", "projects/p/branches/production/endpoints/",
		"project/p/branches/production/endpoints/primary",
		"projects/p/branch/production/endpoints/primary",
		"projectz/p/branches/production/endpoints/primary",
		"projects/p/branches/production/roles/primary",
		"projects/p/branches/production/endpoints/none" };

	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		char body[256];

		snprintf(body, sizeof body, "{'endpoint':'%s'}", odd[i]);
		rig_want(r, GENERATE, body, 404);
		ck_assert_msg(strncmp(rig_str(r, "message"), "endpoint id not found", 21) == 0, "%s: %s",
			odd[i], rig_str(r, "message"));
	}
	rig_want(r, GENERATE, "{'endpoint':''}", 400);
	rig_want(r, GENERATE, "{'endpoint':'projects/none/branches/production/endpoints/primary'}", 404);
}
END_TEST

START_TEST(a_lifetime_has_two_ends)
{
	static const struct {
		const char *body;
		int status;
	} rows[] = { { "'ttl':'300s'", 200 }, { "'ttl':'299.999s'", 400 }, { "'ttl':'3600s'", 200 },
		{ "'ttl':'3600.001s'", 400 }, { "'expire_time':'2026-01-01T00:04:59Z'", 200 },
		{ "'expire_time':'2026-01-01T00:04:58Z'", 400 },
		{ "'expire_time':'2026-01-01T01:00:01Z'", 200 },
		{ "'expire_time':'2026-01-01T01:00:02Z'", 400 } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char body[256];

		snprintf(body, sizeof body, "{'endpoint':'" ENDPOINT "',%s}", rows[i].body);
		rig_want(r, GENERATE, body, rows[i].status);
	}
}
END_TEST

START_TEST(the_key_is_told)
{
	rig_want(r, "GET /_mock/jwks.json", NULL, 200);
	ck_assert_uint_eq(json_array_size(rig_at(r, "keys")), 1);
	ck_assert_str_eq(rig_str(r, "keys.0.kty"), "RSA");
	ck_assert_str_eq(rig_str(r, "keys.0.use"), "sig");
	ck_assert_str_eq(rig_str(r, "keys.0.alg"), "RS256");
	ck_assert_str_eq(rig_str(r, "keys.0.kid"), "lakebase-mock");
	ck_assert_str_eq(rig_str(r, "keys.0.e"), "AQAB");
	ck_assert_uint_eq(strlen(rig_str(r, "keys.0.n")), 342); /* 2048 bits */
}
END_TEST

int main(void)
{
	return CASES("lab-credentials", prepare, {a_credential_says_who_where_and_until_when},
		{groups_and_permissions_go_along}, {a_service_principal_is_called_one},
		{an_endpoint_has_a_whole_name}, {a_lifetime_has_two_ends}, {the_key_is_told});
}
