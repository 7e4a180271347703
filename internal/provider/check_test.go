package provider_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// parse reads a profile that is like none, or like a bundled one.
func parse(text string) (*provider.Profile, error) {
	return library().Parse("acme/provider.yaml", []byte(text))
}

func mustParse(t testing.TB, text string) *provider.Profile {
	t.Helper()
	p, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// scheme is a profile with a scheme of these rules, from line 4 on.
func scheme(rules ...string) string {
	return "name: acme\nsignatures:\n  schemes:\n    v1:\n      " + strings.Join(rules, "\n      ") + "\n"
}

// What does not go together is an error with its place, and says what was expected.
func TestWhatCannotBeIsRefused(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"no name":            {"title: Acme\n", `1:1: name is missing: what the provider is called, such as acme`},
		"empty":              {"", `name is missing`},
		"name in capitals":   {"name: Acme\n", `1:1: want lower-case letters, digits and single hyphens, got "Acme"`},
		"name of a path":     {"name: ../acme\n", `1:1: want lower-case letters`},
		"unknown section":    {"name: acme\nsecrets: {}\n", `2:1: unknown key "secrets", did you mean "secret"?`},
		"unknown rule":       {"name: acme\npolicy:\n  ack: {dedline: 5s}\n", `3:9: unknown key "dedline" under policy.ack, did you mean "deadline"?`},
		"bad word":           {"name: acme\nbody: {kind: jsn}\n", `2:14: kind: want one of json, form, xml, text, got "jsn"; did you mean json?`},
		"bad duration":       {"name: acme\npolicy: {ack: {deadline: 5}}\n", `2:26: deadline: want a duration such as 15s, 5m, 48h or 5d, got "5"`},
		"bad status":         {"name: acme\npolicy: {ack: {statuses: [2yy]}}\n", `2:27: statuses: want a status such as 200, 2xx or 500..599, got "2yy"`},
		"status turned":      {"name: acme\npolicy: {ack: {statuses: 599..500}}\n", `want a status such as 200, 2xx or 500..599, got "599..500"`},
		"bad number":         {"name: acme\npolicy: {retry: {retry_after: {at_most: -1}}}\n", `at_most: want a number such as 1.5, got "-1"`},
		"bad id form":        {"name: acme\nevent: {new_id: serial}\n", `2:17: new_id: want uuid, ulid, hex or digits, with what stands before it, such as msg_ulid, got "serial"`},
		"bad items":          {"name: acme\nbody: {items: a..b}\n", `2:8: items: `},
		"unknown place":      {"name: acme\nevent:\n  type: [\"{headr:X}\"]\n", `3:10: type: want a place such as header:X-Signature or json:data.id, got "headr:X"; did you mean header?`},
		"place with nothing": {"name: acme\nevent:\n  type: [\"{header:}\"]\n", `want something after the colon`},
		"place with more":    {"name: acme\nevent:\n  type: [\"{body:x}\"]\n", `want body alone, got "body:x"`},
		"bad header name":    {"name: acme\nevent:\n  type: [\"{header:X Y}\"]\n", `want a header's name, got "X Y"`},
		"open brace":         {"name: acme\nevent:\n  type: [\"{body\"]\n", `want a closing brace, got "{body"; {{ is a brace itself`},
		"closed brace":       {"name: acme\nevent:\n  type: [\"a}\"]\n", `got "a}"; }} is a brace itself`},

		"place of another time":   {"name: acme\nevent:\n  id: [\"{id}\"]\n", `3:3: id is not known here`},
		"type of what is made":    {"name: acme\nevent:\n  type: [\"{event}\"]\n", `3:3: event is not known here`},
		"item without items":      {"name: acme\nevent:\n  type: [\"{item:type}\"]\n", `3:3: item:type needs body.items, which says where the items are`},
		"detect by nothing":       {"name: acme\ndetect:\n  any: [{}]\n", `3:3: want at least one condition, got none: the rule would fit every request`},
		"detect by a secret":      {"name: acme\ndetect:\n  any: [{secret: a}]\n", `secret is not known here`},
		"named by nothing":        {"name: acme\nevent:\n  named:\n    a.b: {}\n", `4:5: want at least one condition, got none: the name would fit every message`},
		"header with a space":     {"name: acme\nheaders:\n  X Y: a\n", `3:3: want a header's name, got "X Y"`},
		"header of a body":        {"name: acme\nheaders:\n  X-Y: \"{body}\"\n", `3:3: body is not known here`},
		"header of attempts":      {"name: acme\nheaders:\n  X-Y: \"{try}\"\n", `3:3: try is not known here`},
		"header of an attempt":    {"name: acme\npolicy:\n  headers:\n    X-Y: \"{secret}\"\n", `4:5: secret is not known here`},
		"signed and not":          {scheme("algorithm: token", "in: header:X") + "  none: why\n", `none says that nothing is signed, but there are schemes`},
		"no algorithm":            {scheme("in: header:X"), `4:5: algorithm is missing: one of hmac-sha1, hmac-sha256,`},
		"no place":                {scheme("algorithm: hmac-sha256", "content: \"{body}\"", "encoding: hex"), `4:5: in is missing: where the signature is`},
		"no content":              {scheme("algorithm: hmac-sha256", "in: header:X", "encoding: hex"), `4:5: content is missing: what is signed, such as "{timestamp}.{body}"`},
		"content of a token":      {scheme("algorithm: bearer", "content: \"{body}\"", "in: header:X"), `6:7: bearer compares the secret itself and has no content`},
		"no encoding":             {scheme("algorithm: hmac-sha256", "content: \"{body}\"", "in: header:X"), `4:5: encoding is missing: hex, base64 or base64url`},
		"pair of an HMAC":         {scheme("algorithm: hmac-sha256", "content: \"{body}\"", "in: header:X", "encoding: hex", "key: {encoding: pair}"), `9:13: hmac-sha256 and a key that is pair do not go together`},
		"text for a pair":         {scheme("algorithm: ed25519", "content: \"{body}\"", "in: header:X", "encoding: hex", "key: {encoding: utf8}"), `ed25519 and a key that is utf8 do not go together`},
		"names without pair":      {scheme("algorithm: hmac-sha256", "content: \"{body}\"", "in: header:X", "encoding: hex", "grammar: {names: [v1]}"), `9:7: names needs pair: what stands between a name and its value`},
		"pair without names":      {scheme("algorithm: hmac-sha256", "content: \"{body}\"", "in: header:X", "encoding: hex", "grammar: {pair: \"=\"}"), `9:7: pair needs names: which elements are signatures`},
		"signed over an attempt":  {scheme("algorithm: hmac-sha256", "content: \"{try}\"", "in: header:X", "encoding: hex"), `6:7: try is not known here`},
		"signature in the path":   {scheme("algorithm: hmac-sha256", "content: \"{body}\"", "in: path", "encoding: hex"), `7:7: path is not known here`},
		"when of a secret":        {scheme("algorithm: hmac-sha256", "content: \"{body}\"", "in: header:X", "encoding: hex", "when: {secret: a}"), `9:7: secret is not known here`},
		"lead of a body":          {scheme("algorithm: hmac-sha256", "content: \"{body}\"", "in: header:X", "encoding: hex", "grammar: {list: \",\", pair: \"=\", names: [v1], lead: [\"{body}\"]}"), `body is not known here`},
		"timestamp from nowhere":  {scheme("algorithm: hmac-sha256", "content: \"{timestamp}\"", "in: header:X", "encoding: hex"), `6:7: {timestamp} needs the rule timestamp, which says where it is`},
		"timestamp without from":  {scheme("algorithm: hmac-sha256", "content: \"{timestamp}\"", "in: header:X", "encoding: hex", "timestamp: {unit: s}"), `9:7: from is missing: where the timestamp is`},
		"timestamp from the body": {scheme("algorithm: hmac-sha256", "content: \"{timestamp}\"", "in: header:X", "encoding: hex", "timestamp: {from: body}"), `body is not known here`},
		"timestamp not covered":   {scheme("algorithm: hmac-sha256", "content: \"{body}\"", "in: header:X", "encoding: hex", "timestamp: {from: header:Y}"), `9:7: the content does not cover the timestamp: say unsigned: true where that is so`},
		"codec with a content":    {scheme("codec: sns", "algorithm: rsa-pkcs1-sha1", "content: \"{body}\""), `7:7: the codec sns has a content of its own`},
		"nothing to cover":        {scheme("codec: http-message-signatures", "algorithm: hmac-sha256"), `4:5: components is missing: what a signature must cover, such as [content-digest]`},

		"handshake of nothing":     {"name: acme\nhandshakes:\n  a: {reply: {status: 200}}\n", `3:3: when is missing: by what the request is known`},
		"handshake without status": {"name: acme\nhandshakes:\n  a:\n    when: {\"json:a\": b}\n    reply: {text: c}\n", `5:5: status: want one from 200 to 599, got 0`},
		"handshake of an attempt":  {"name: acme\nhandshakes:\n  a:\n    when: {try: b}\n    reply: {status: 200}\n", `4:5: try is not known here`},
		"handshake with two":       {"name: acme\nhandshakes:\n  a:\n    when: {\"json:a\": b}\n    reply: {status: 200, text: c, json: {d: e}}\n", `5:5: text and json exclude each other`},
		"answer with a secret":     {"name: acme\nhandshakes:\n  a:\n    when: {\"json:a\": b}\n    reply: {status: 200, text: \"{secret}\"}\n", `5:5: secret is not known here`},

		"jitter":                    {"name: acme\npolicy:\n  retry: {jitter: 101}\n", `3:3: want attempts of 0 or more and a jitter from 0 to 100`},
		"attempts and delays":       {"name: acme\npolicy:\n  retry: {attempts: 3, delays: [1s]}\n", `3:3: 3 attempts have 2 delays between them, got 1`},
		"attempts without delays":   {"name: acme\npolicy:\n  retry: {attempts: 3}\n", `3:3: 3 attempts need delays, exponential or window`},
		"exponential that shrinks":  {"name: acme\npolicy:\n  retry: {exponential: {base: 1s, factor: 0.5}}\n", `3:11: want a base above 0 and a factor of 1 or more`},
		"exponential without end":   {"name: acme\npolicy:\n  retry: {exponential: {base: 1s, factor: 2}}\n", `3:11: exponential needs attempts or window: it would go on for ever`},
		"spread over no time":       {"name: acme\npolicy:\n  retry: {attempts: 3, window: any}\n", `3:3: 3 attempts need delays, exponential or window`},
		"a share of no time":        {"name: acme\npolicy:\n  failing:\n    a: {percent: 95, do: [{do: disable}]}\n", `4:5: percent needs within: the time in which attempts count`},
		"a recovery from nothing":   {"name: acme\npolicy:\n  recovered: {do: [{do: notify}]}\n", `3:3: after and do go together: how many attempts failed, and what happens then`},
		"a recovery that pauses":    {"name: acme\npolicy:\n  recovered: {after: 4, do: [{do: pause}]}\n", `3:3: want do: notify alone, for nothing has failed for good`},
		"variant":                   {"name: acme\npolicy:\n  variants:\n    test: {attempts: 3}\n", `4:5: 3 attempts need delays, exponential or window`},
		"action that does nothing":  {"name: acme\npolicy:\n  actions:\n    \"410\": {every: 1s}\n", `4:5: do is missing: one of retry, repeat, drop, disable, throttle`},
		"repeat without every":      {"name: acme\npolicy:\n  actions:\n    \"409\": {do: repeat}\n", `4:5: repeat needs every: the interval`},
		"failing without a result":  {"name: acme\npolicy:\n  failing:\n    a: {attempt: 1}\n", `4:5: do is missing: what happens then`},
		"unknown kind of a failure": {"name: acme\npolicy:\n  causes: {boredom: x}\n", `want one of unreachable, late, broken, status, other, got "boredom"`},

		"provenance of nothing":     {"name: acme\nprovenance:\n  secret: {is: assumed}\n", `3:3: there is no rule "secret"`},
		"provenance of a name":      {"name: acme\nprovenance:\n  name: {is: assumed}\n", `3:3: there is no rule "name"`},
		"provenance without status": {"name: acme\nbody: {kind: json}\nprovenance:\n  body: {note: a}\n", `4:3: is is missing: documented, announced, observed or assumed`},
		"provenance configured":     {"name: acme\nbody: {kind: json}\nprovenance:\n  body: {is: configured}\n", `is: want one of documented, announced, observed, assumed, got "configured"`},
		"no such source":            {"name: acme\nbody: {kind: json}\nprovenance:\n  body: {is: documented, from: [page]}\n", `4:3: there is no source "page"`},

		"like nobody":    {"name: acme\nlike: svux\n", `2:1: there is no provider "svux"`},
		"like something": {"name: acme\nlike: ../svix\n", `2:1: there is no provider "../svix"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(test.text)
			if err == nil {
				t.Fatal("accepted")
			}
			var at *yamldoc.Error
			if !errors.As(err, &at) || at.File != "acme/provider.yaml" {
				t.Errorf("got %#v, want an error of the file", err)
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("got  %s\nwant %s", err, test.want)
			}
		})
	}
}

// What looks odd but can be meant is accepted.
func TestWhatCanBeMeantIsAccepted(t *testing.T) {
	for name, text := range map[string]string{
		"a name alone":                   "name: acme\n",
		"nothing is signed":              "name: acme\nsignatures: {none: it is a test}\n",
		"codec":                          scheme("codec: sns", "algorithm: rsa-pkcs1-sha1"),
		"token":                          scheme("algorithm: token", "in: query:token"),
		"timestamp that is in the body":  scheme("algorithm: hmac-sha256", "content: \"{body}\"", "in: header:X", "encoding: hex", "timestamp: {from: \"json:at\"}"),
		"timestamp that is not covered":  scheme("algorithm: hmac-sha256", "content: \"{body}\"", "in: header:X", "encoding: hex", "timestamp: {from: header:Y, unsigned: true}"),
		"timestamp by its place":         scheme("algorithm: hmac-sha256", "content: \"{header:Y}.{body}\"", "in: header:X", "encoding: hex", "timestamp: {from: header:Y}"),
		"items that are the body":        "name: acme\nbody: {items: \"[]\"}\nevent: {type: [\"{item:type}\"]}\n",
		"handshake by the verdict alone": "name: acme\nhandshakes:\n  a: {signature: failed, reply: {status: 401}}\n",
		"provenance of what is like":     "name: acme\nlike: svix\nprovenance:\n  policy.retry: {is: assumed}\n",
		"one attempt":                    "name: acme\npolicy: {retry: {attempts: 1}}\n",
	} {
		if _, err := parse(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSameFaultIsToldEachTime(t *testing.T) {
	const text = "name: acme\nevent: {type: [\"{id}\"], id: [\"{try}\"], time: [\"{cause}\"]}\nheaders: {X-A: \"{body}\"}\npolicy: {headers: {X-B: \"{body}\"}}\n"
	_, first := parse(text)
	for range 50 {
		if _, err := parse(text); err.Error() != first.Error() {
			t.Fatalf("once %v, once %v", first, err)
		}
	}
}
