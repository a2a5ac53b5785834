/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/field/field.h"
#include "support/json.h"
#include "support/run.h"
#include "support/tables.h"
#include "support/torture.h"

/* Remembers the notes as "kind where: text" lines. */
struct notes {
	struct note_sink sink;
	char text[2000];
	int n;
};

static void remember(struct note_sink *sink, const char *kind, const char *where, const char *text)
{
	struct notes *n = container_of(sink, struct notes, sink);
	size_t at = strlen(n->text);

	n->n++;
	snprintf(n->text + at, sizeof n->text - at, "%s %s: %s\n", kind, where, text);
}

static void accepts(const char *body, const char *becomes)
{
	json_auto_t *doc = json_quoted(body);
	struct err e;

	ck_assert_msg(!fields_accept(&table_thing, doc, ACCEPT_PROTO, NULL, &e), "%s: %s", body, e.message);
	expect_json(doc, becomes);
}

static const char *refusal(const char *body, bool strict)
{
	json_auto_t *doc = json_quoted(body);
	static struct err e;

	ck_assert_msg(fields_accept(&table_thing, doc, ACCEPT_PROTO | (strict ? ACCEPT_STRICT : 0),
			      NULL, &e) == -1,
		"%s", body);
	ck_assert_int_eq(e.code, ERR_INVALID);
	return e.message;
}

static void refuses(const char *body, const char *message)
{
	ck_assert_str_eq(refusal(body, false), message);
}

START_TEST(what_is_well_formed_stays_as_it_is)
{
	static const char body[] =
		"{'spec':{'title':'x','kind':'KIND_A','count':7,'bytes':8796093022208,'on':false,"
		"'tags':[{'key':'k','value':''}],'levels':['LOW'],'expire_time':"
		"'2026-01-01T01:00:00+01:00','settings':{'limit':0.5,'timeout':'300s','params':"
		"{'a.b':'1'}},'plan':{'name':'p'},'extra':{'any':[1,null]}}}";

	accepts("{}", "{}");
	accepts(body, body);
}
END_TEST

START_TEST(integers_come_as_numbers_or_text)
{
	accepts("{'spec':{'count':'17'}}", "{'spec':{'count':17}}");
	accepts("{'spec':{'count':17.0}}", "{'spec':{'count':17}}");
	accepts("{'spec':{'bytes':'-9223372036854775808'}}", "{'spec':{'bytes':-9223372036854775808}}");
	accepts("{'spec':{'bytes':9007199254740992.0}}", "{'spec':{'bytes':9007199254740992}}");
	refuses("{'spec':{'count':'17x'}}", "Field 'spec.count' must be an integer, got '17x'.");
	refuses("{'spec':{'count':1.5}}", "Field 'spec.count' must be an integer, got 1.5.");
	refuses("{'spec':{'count':true}}", "Field 'spec.count' must be an integer, got a boolean.");
	refuses("{'spec':{'bytes':1e300}}", "Field 'spec.bytes' must be an integer, got 1e+300.");
	refuses("{'spec':{'bytes':'99999999999999999999'}}",
		"Field 'spec.bytes' must be an integer, got '99999999999999999999'.");
}
END_TEST

START_TEST(numbers_come_in_any_notation_and_leave_in_one)
{
	accepts("{'spec':{'settings':{'limit':4}}}", "{'spec':{'settings':{'limit':4}}}");
	accepts("{'spec':{'settings':{'limit':4.0}}}", "{'spec':{'settings':{'limit':4}}}");
	accepts("{'spec':{'settings':{'limit':'0.5'}}}", "{'spec':{'settings':{'limit':0.5}}}");
	refuses("{'spec':{'settings':{'limit':'NaN'}}}",
		"Field 'spec.settings.limit' must be a number, got 'NaN'.");
	refuses("{'spec':{'settings':{'limit':[]}}}",
		"Field 'spec.settings.limit' must be a number, got a list.");
}
END_TEST

START_TEST(null_and_the_choice_of_none_are_absent)
{
	accepts("{'spec':null}", "{}");
	accepts("{'spec':{'title':null,'kind':'KIND_UNSPECIFIED','tags':null,'settings':null}}",
		"{'spec':{}}");
	accepts("{'spec':{'kind':'TYPE_UNSPECIFIED','levels':[]}}", "{'spec':{'levels':[]}}");
	refuses("{'spec':{'kind':'_UNSPECIFIED'}}", "Field 'spec.kind' must be one of "
						    "KIND_UNSPECIFIED, KIND_A, KIND_B, got '_UNSPECIFIED'.");
	refuses("{'spec':{'levels':['LEVEL_UNSPECIFIED']}}",
		"Field 'spec.levels[0]' must be one of LOW, HIGH, got 'LEVEL_UNSPECIFIED'.");
}
END_TEST

START_TEST(durations_are_written_in_one_way)
{
	accepts("{'spec':{'ttl':'300s'}}", "{'spec':{'ttl':'300s'}}");
	accepts("{'spec':{'ttl':'300.000s'}}", "{'spec':{'ttl':'300s'}}");
	accepts("{'spec':{'ttl':'0.5s'}}", "{'spec':{'ttl':'0.500s'}}");
	refuses("{'spec':{'ttl':'5m'}}",
		"Field 'spec.ttl' must be a duration such as \"300s\", got '5m'.");
	refuses("{'spec':{'ttl':300}}",
		"Field 'spec.ttl' must be a duration such as \"300s\", got 300.");
	refuses("{'spec':{'settings':{'timeout':'59s'}}}",
		"Field 'spec.settings.timeout' must be between 60s and 604800s, got 59s.");
}
END_TEST

START_TEST(instants_are_kept_as_they_were_written)
{
	accepts("{'spec':{'expire_time':'2026-11-24T10:00:00.120+05:30'}}",
		"{'spec':{'expire_time':'2026-11-24T10:00:00.120+05:30'}}");
	refuses("{'spec':{'expire_time':'tomorrow'}}",
		"Field 'spec.expire_time' must be an RFC 3339 timestamp, got 'tomorrow'.");
	refuses("{'spec':{'expire_time':1767225600}}",
		"Field 'spec.expire_time' must be an RFC 3339 timestamp, got 1767225600.");
}
END_TEST

START_TEST(a_wrong_type_is_named_with_its_path)
{
	refuses("{'spec':'x'}", "Field 'spec' must be an object, got a string.");
	refuses("{'spec':[]}", "Field 'spec' must be an object, got a list.");
	refuses("{'spec':{'title':7}}", "Field 'spec.title' must be a string, got an integer.");
	refuses("{'spec':{'on':'true'}}", "Field 'spec.on' must be a boolean, got a string.");
	refuses("{'spec':{'on':0}}", "Field 'spec.on' must be a boolean, got an integer.");
	refuses("{'spec':{'tags':{}}}", "Field 'spec.tags' must be a list, got an object.");
	refuses("{'spec':{'tags':[{'key':'a'},{'key':7}]}}",
		"Field 'spec.tags[1].key' must be a string, got an integer.");
	refuses("{'spec':{'tags':[null]}}", "Field 'spec.tags[0]' must be an object, got null.");
	refuses("{'spec':{'settings':{'params':[]}}}",
		"Field 'spec.settings.params' must be an object, got a list.");
	refuses("{'spec':{'settings':{'params':{'a':1}}}}",
		"Field 'spec.settings.params.a' must be a string, got an integer.");
	refuses("{'spec':{'kind':1}}", "Field 'spec.kind' must be a string, got an integer.");
	refuses("{'spec':{'kind':'KIND_C'}}", "Field 'spec.kind' must be one of "
					      "KIND_UNSPECIFIED, KIND_A, KIND_B, got 'KIND_C'.");
}
END_TEST

START_TEST(what_stands_for_unset_counts_as_absent)
{
	accepts("{'spec':{'kind':'','ttl':'','expire_time':'','on':false}}", "{'spec':{'on':false}}");
	accepts("{'spec':{'title':'','settings':{'limit':0,'timeout':''}}}",
		"{'spec':{'settings':{}}}");
	accepts("{'spec':{'settings':{'limit':'0'}}}", "{'spec':{'settings':{}}}");
	/* a zero that the bounds have is one until a mask says more */
	accepts("{'spec':{'count':0,'bytes':0,'old':''}}", "{'spec':{'count':0,'bytes':0,'old':''}}");
	refuses("{'spec':{'tags':[{'key':''}]}}",
		"Field 'spec.tags[0].key' is required, expected non-default value (not \"\")!");
	refuses("{'spec':{'levels':['']}}",
		"Field 'spec.levels[0]' must be one of LOW, HIGH, got ''.");
}
END_TEST

START_TEST(bounds_are_kept)
{
	accepts("{'spec':{'count':0}}", "{'spec':{'count':0}}");
	accepts("{'spec':{'count':100}}", "{'spec':{'count':100}}");
	refuses("{'spec':{'count':101}}", "Field 'spec.count' must be between 0 and 100, got 101.");
	refuses("{'spec':{'count':-1}}", "Field 'spec.count' must be between 0 and 100, got -1.");
	refuses("{'spec':{'settings':{'limit':0.25}}}",
		"Field 'spec.settings.limit' must be between 0.5 and 64, got 0.25.");
	/* characters, not bytes */
	accepts("{'spec':{'title':'\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9'}}",
		"{'spec':{'title':'\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9'}}");
	refuses("{'spec':{'title':'12345678901'}}",
		"Field 'spec.title' must have between 1 and 10 characters, got 11.");
	refuses("{'spec':{'tags':[{'key':'a'},{'key':'b'},{'key':'c'},{'key':'d'}]}}",
		"Field 'spec.tags' must have between 0 and 3 items, got 4.");
	refuses("{'spec':{'group':{'min':2147483648}}}",
		"Field 'spec.group.min' must be between -2147483648 and 2147483647, got 2147483648.");
	refuses("{'spec':{'tags':[{'key':'123456789'}]}}",
		"Field 'spec.tags[0].key' must have between 1 and 8 characters, got 9.");
}
END_TEST

START_TEST(what_is_replaced_whole_has_what_it_needs)
{
	refuses("{'spec':{'tags':[{'key':'k'},{'value':'v'}]}}",
		"Field 'spec.tags[1].key' is required, expected non-default value (not \"\")!");
	refuses("{'spec':{'tags':[{'key':''}]}}",
		"Field 'spec.tags[0].key' is required, expected non-default value (not \"\")!");
	accepts("{'spec':{'group':{'max':2}}}", "{'spec':{'group':{'max':2}}}"); /* merged */
}
END_TEST

START_TEST(one_member_of_a_oneof)
{
	refuses("{'spec':{'no_expiry':true,'ttl':'1s'}}",
		"Only one of 'ttl', 'expire_time', 'no_expiry' may be set, "
		"got 'spec.ttl' and 'spec.no_expiry'.");
	accepts("{'spec':{'no_expiry':true,'ttl':null}}", "{'spec':{'no_expiry':true}}");
	refuses("{'spec':{'settings':{'never':true,'timeout':'60s'}}}",
		"Only one of 'timeout', 'never' may be set, "
		"got 'spec.settings.timeout' and 'spec.settings.never'.");
}
END_TEST

START_TEST(what_the_server_owns_is_dropped_in_silence)
{
	json_auto_t *doc = json_quoted("{'name':7,'status':'x','spec':{'owner':'me','title':'t'}}");
	struct notes n = { { remember }, "" };
	struct err e;

	ck_assert(!fields_accept(&table_thing, doc, ACCEPT_PROTO | ACCEPT_STRICT, &n.sink, &e));
	expect_json(doc, "{'spec':{'title':'t'}}");
	ck_assert_str_eq(n.text, "");
}
END_TEST

START_TEST(what_nothing_reads_is_dropped_and_reported)
{
	json_auto_t *doc = json_quoted("{'qqqqqq':1,'title':'t','spec':{'titel':'t','tags':[{'key':'k',"
				       "'colour':{}}]}}");
	struct notes n = { { remember }, "" };
	struct err e;

	ck_assert(!fields_accept(&table_thing, doc, ACCEPT_PROTO, &n.sink, &e));
	expect_json(doc, "{'spec':{'tags':[{'key':'k'}]}}");
	ck_assert_str_eq(n.text,
		"unread_field body.qqqqqq: ignored: there is no such field\n"
		"portability body.title: ignored here, as by the service; write 'spec.title'\n"
		"unread_field body.spec.titel: ignored: there is no such field; did you mean "
		"'spec.title'?\n"
		"unread_field body.spec.tags[0].colour: ignored: there is no such field\n");
	accepts("{'nobody_listens':1}", "{}");
}
END_TEST

START_TEST(a_hundred_unknown_fields_are_told_of)
{
	for (int n = 99; n <= 101; n++) {
		json_auto_t *doc = json_object();
		struct notes notes = { { remember }, "" };
		struct err e;

		for (char key[16], i = 0; i < n; i++) {
			snprintf(key, sizeof key, "qqqq%d", i);
			json_object_set_new(doc, key, json_true());
		}
		ck_assert(!fields_accept(&table_thing, doc, ACCEPT_PROTO, &notes.sink, &e));
		ck_assert_int_eq(notes.n, n > 100 ? 100 : n);
	}
}
END_TEST

START_TEST(a_value_is_shown_up_to_its_88th_byte)
{
	char body[200], message[200], text[90] = "";

	for (size_t n = 88; n <= 89; n++) {
		memset(text, 'x', n);
		snprintf(body, sizeof body, "{'spec':{'count':'%s'}}", text);
		snprintf(message, sizeof message, "Field 'spec.count' must be an integer, got '%.88s%s'.",
			text, n > 88 ? "..." : "");
		refuses(body, message);
	}
}
END_TEST

START_TEST(strictly_the_unknown_is_refused)
{
	ck_assert_str_eq(refusal("{'spec':{'titel':1}}", true),
		"Unknown field 'spec.titel'. Did you mean 'spec.title'?");
	ck_assert_str_eq(refusal("{'title':1}", true),
		"Unknown field 'title'. Did you mean 'spec.title'?");
	ck_assert_str_eq(refusal("{'qqqqqqqq':1}", true), "Unknown field 'qqqqqqqq'.");
}
END_TEST

START_TEST(long_names_and_values_are_cut_between_characters)
{
	static char key[5000], body[11000];
	json_auto_t *doc = NULL;
	struct notes n = { { remember }, "" };
	struct err e;

	for (size_t i = 0; i + 4 < sizeof key; i += 3)
		memcpy(key + i, "\xe2\x82\xac", 3);
	snprintf(body, sizeof body, "{'x%s':1}", key);
	doc = json_quoted(body);
	ck_assert(!fields_accept(&table_thing, doc, ACCEPT_PROTO, &n.sink, &e));
	ck_assert(*n.text && text_utf8_ok(n.text, strlen(n.text)));
	ck_assert(text_utf8_ok(refusal(body, true), strlen(refusal(body, true))));
	snprintf(body, sizeof body, "{'spec':{'kind':'%s'}}", key);
	ck_assert(text_utf8_ok(refusal(body, false), strlen(refusal(body, false))));
	ck_assert_ptr_nonnull(strstr(refusal(body, false), "...'."));
}
END_TEST

static void requires_(const char *doc, const char *prefix, const char *message)
{
	static const struct field needy_fields[] = {
		{ "role", T_STRING, F_REQUIRED },
		{ "size", T_INT32, F_REQUIRED },
		{ "spec", T_MESSAGE, F_REQUIRED, &table_thing_spec },
		{ "made", T_STRING, F_REQUIRED | F_OUTPUT },
		{ NULL },
	};
	static const struct message needy = { "Needy", needy_fields };
	json_auto_t *d = json_quoted(doc);
	struct err e = { 0 };

	ck_assert_int_eq(fields_require(&needy, d, prefix, &e), message ? -1 : 0);
	if (message)
		ck_assert_str_eq(e.message, message);
}

START_TEST(required_fields_are_there_and_not_zero)
{
	static const char is_required[] = " is required, expected non-default value (not \"\")!";
	static const char needs_a_subfield[] =
		"Field 'spec' is required and must contain at least one subfield with a "
		"non-default value!";
	char wanted[200];

	snprintf(wanted, sizeof wanted, "Field 'database.spec.role'%s", is_required);
	requires_("{}", "database.spec", wanted);
	snprintf(wanted, sizeof wanted, "Field 'role'%s", is_required);
	requires_("{'role':'','size':1,'spec':{'count':1}}", "", wanted);
	requires_("{'role':null}", NULL, wanted);
	snprintf(wanted, sizeof wanted, "Field 'size'%s", is_required);
	requires_("{'role':'r','size':0}", NULL, wanted);
	requires_("{'role':'r','size':1}", NULL, needs_a_subfield);
	requires_("{'role':'r','size':1,'spec':{}}", NULL, needs_a_subfield);
	requires_("{'role':'r','size':1,'spec':{'settings':{'limit':0},'tags':[]}}", NULL,
		needs_a_subfield);
	requires_("{'role':'r','size':1,'spec':{'on':true}}", NULL, NULL);
	snprintf(wanted, sizeof wanted, "Field 'x.spec.tags[1].key'%s", is_required);
	requires_("{'role':'r','size':1,'spec':{'tags':[{'key':'k'},{'value':'v'}]}}", "x", wanted);
	snprintf(wanted, sizeof wanted, "Field 'x.spec.group.min'%s", is_required);
	requires_("{'role':'r','size':1,'spec':{'title':'t','group':{}}}", "x", wanted);
}
END_TEST

static const char *reply(const char *doc)
{
	json_auto_t *d = json_quoted(doc);
	static struct err e;

	return fields_check_reply(&table_thing, d, &e) ? e.message : NULL;
}

START_TEST(a_reply_keeps_to_its_schema)
{
	ck_assert_ptr_null(reply("{}"));
	ck_assert_ptr_null(reply("{'name':'n','create_time':'2026-01-01T00:00:00Z','status':{"
				 "'title':'t','count':0,'bytes':0,'on':false,'kind':'KIND_A',"
				 "'tags':[{'key':'k'}],'levels':['LOW'],'settings':{'limit':1,"
				 "'params':{'a':'b'}},'ratio':0.5,'wait':'1s','metadata':{'x':[1]}}}"));
	ck_assert_str_eq(reply("{'nam':'n'}"), "nam: is not in the schema, got a string");
	ck_assert_str_eq(reply("{'name':null}"), "name: a string, got null");
	ck_assert_str_eq(reply("{'spec':{}}"), "spec: is never in a reply, got an object");
	ck_assert_str_eq(reply("{'status':{'count':'7'}}"), "status.count: an integer, got '7'");
	ck_assert_str_eq(reply("{'status':{'count':4294967296}}"),
		"Field 'status.count' must be between -2147483648 and 2147483647, got 4294967296.");
	ck_assert_str_eq(reply("{'status':{'wait':'1m'}}"),
		"status.wait: a duration such as \"300s\", got '1m'");
	ck_assert_str_eq(reply("{'status':{'kind':'X'}}"),
		"status.kind: must be one of its choices, got 'X'");
	ck_assert_str_eq(reply("{'status':{'tags':[{'key':7}]}}"),
		"status.tags[0].key: a string, got 7");
	ck_assert_str_eq(reply("{'status':{'tags':{}}}"), "status.tags: a list, got an object");
	ck_assert_str_eq(reply("{'status':{'settings':{'params':{'a':1}}}}"),
		"status.settings.params.a: a string, got 1");
	ck_assert_str_eq(reply("{'status':{'settings':{'params':7}}}"),
		"status.settings.params: an object, got 7");
	ck_assert_ptr_nonnull(reply("{'status':{'settings':{'timeout':'60s','never':true}}}"));
	ck_assert_ptr_nonnull(reply("{'status':{'settings':{'limit':65}}}"));
	ck_assert_str_eq(reply("[]"), "Thing: an object, got a list");
}
END_TEST

static json_t *property(const json_t *schema, const char *name)
{
	json_t *p = json_object_get(json_object_get(schema, "properties"), name);

	ck_assert_msg(p, "no %s", name);
	return p;
}

START_TEST(the_schema_says_what_the_tables_say)
{
	json_auto_t *spec = fields_schema(&table_thing_spec), *thing = fields_schema(&table_thing);
	static const struct message free_form = { "Struct", NULL };
	json_auto_t *any = fields_schema(&free_form);
	json_auto_t *settings = fields_schema(field_find(&table_thing_spec, "settings")->message);
	json_auto_t *group = fields_schema(field_find(&table_thing_spec, "group")->message);

	expect_json(property(spec, "title"), "{'type':'string','minLength':1,'maxLength':10,"
					     "'description':'The title. (verified)'}");
	expect_json(property(spec, "kind"),
		"{'type':'string','enum':['KIND_UNSPECIFIED','KIND_A','KIND_B'],'description':"
		"'The kind. Cannot be changed by an update. (invented)'}");
	expect_json(property(spec, "count"), "{'type':'integer','format':'int32','minimum':0,"
					     "'maximum':100,'description':'How many. (invented)'}");
	expect_json(property(spec, "tags"),
		"{'type':'array','items':{'$ref':'#/components/schemas/Tag'},'minItems':0,"
		"'maxItems':3,'description':'The tags. (invented)'}");
	expect_json(property(spec, "ttl"),
		"{'type':'string','pattern':'^-?[0-9]{1,12}(\\\\.[0-9]{1,9})?s$','x-oneof':"
		"'expiration','description':'For so long. At most one of `ttl`, `expire_time`, "
		"`no_expiry` may be set; an update mask names them as `expiration`. (invented)'}");
	expect_json(property(spec, "old"),
		"{'type':'string','deprecated':true,'description':'Gone. (invented)'}");
	expect_json(property(spec, "extra"), "{'description':'Anything. Cannot be changed by an "
					     "update. (invented)'}");
	expect_json(property(thing, "create_time"),
		"{'type':'string','format':'date-time','readOnly':true,'description':"
		"'Since when. (invented)'}");
	expect_json(property(thing, "spec"),
		"{'$ref':'#/components/schemas/ThingSpec','writeOnly':true,'description':"
		"'What is wanted. (invented)'}");
	expect_json(any, "{'type':'object'}");
	expect_json(property(settings, "limit"), "{'type':'number','format':'double','minimum':0.5,"
						 "'maximum':64,'description':'The limit. (invented)'}");
	expect_json(property(settings, "params"),
		"{'type':'object','additionalProperties':{'type':'string'},'description':"
		"'Parameters. (invented)'}");
	expect_json(json_object_get(property(settings, "timeout"), "description"),
		"'The time. From 60s to 604800s. At most one of `timeout`, `never` may be set; an "
		"update mask names them as `suspension`. (invented)'");
	expect_json(json_object_get(property(group, "min"), "description"),
		"'The least. Required on create. (invented)'");
}
END_TEST

static void count(void *arg, const struct message *m)
{
	char *names = arg;

	strncat(names, m->name, 20);
	strncat(names, " ", 2);
}

START_TEST(every_message_is_visited_once)
{
	char names[400] = "";

	fields_each_message(&table_thing, count, names);
	ck_assert_str_eq(names, "Thing Settings ThingSpec Tag Group Plan ThingStatus Struct ");
}
END_TEST

static int accept(void *arg, struct err *e)
{
	json_t *doc = arg;

	return fields_accept(&table_thing, doc, ACCEPT_PROTO, NULL, e);
}

static int schema(void *arg, struct err *e)
{
	json_auto_t *s = fields_schema(arg);

	return s ? 0 : err_oom(e);
}

START_TEST(no_allocation_fails_unnoticed)
{
	/* what stays as it is needs no memory; what is rewritten does, until it has been */
	static const char rewritten[] =
		"{'spec':{'count':'1','levels':['LOW'],'ttl':'1.0s','settings':{'limit':'2'}}}";
	json_auto_t *doc = json_quoted(rewritten);

	ck_assert_int_ge(torture(accept, doc, BLAME_MEMORY), 3);
	expect_json(doc, "{'spec':{'count':1,'levels':['LOW'],'ttl':'1s','settings':{'limit':2}}}");
	ck_assert_int_gt(torture(schema, (void *)&table_thing_spec, BLAME_MEMORY), 100);
}
END_TEST

int main(void)
{
	return RUN_TESTS("field", what_is_well_formed_stays_as_it_is,
		integers_come_as_numbers_or_text, numbers_come_in_any_notation_and_leave_in_one,
		null_and_the_choice_of_none_are_absent, durations_are_written_in_one_way,
		instants_are_kept_as_they_were_written, a_wrong_type_is_named_with_its_path,
		bounds_are_kept, what_stands_for_unset_counts_as_absent,
		what_is_replaced_whole_has_what_it_needs, one_member_of_a_oneof,
		what_the_server_owns_is_dropped_in_silence,
		what_nothing_reads_is_dropped_and_reported, strictly_the_unknown_is_refused,
		a_hundred_unknown_fields_are_told_of, a_value_is_shown_up_to_its_88th_byte,
		long_names_and_values_are_cut_between_characters,
		required_fields_are_there_and_not_zero, a_reply_keeps_to_its_schema,
		the_schema_says_what_the_tables_say, every_message_is_visited_once,
		no_allocation_fails_unnoticed);
}
