package shape_test

import (
	"fmt"
	"strings"
	"testing"
)

// Keys that are ids, or of people, are data; names of properties are not, however they
// are written.
func TestInferTellsKeysFromNames(t *testing.T) {
	for _, key := range []string{
		"cus_NffrFeUfNV10ib", "acct_1KabcDEF", "+1 555 0100", "+1-555-0100", "Anna Schmidt", "a@example.com", "user:a.b@example.com",
		"2026-11-21", "42", "550e8400-e29b-41d4-a716-446655440000", "https://example.com/a", "a\u00a0b",
	} {
		if got := infer(t, false, fmt.Sprintf(`{%q:1}`, key)); got != `{"type":"object","additionalProperties":{"type":"integer"}}` {
			t.Errorf("%s: got %s", key, got)
		}
	}
	for _, key := range []string{
		"id", "order_id", "line1", "addressLine2", "sha256Hash", "content_sha256Hash", "X-Shop2Id", "X-GitHub-Event", "@type", "$ref", "a.b.c", "OAuth2Token", "HTTPStatus", "utf8",
	} {
		if got := infer(t, false, fmt.Sprintf(`{%q:1}`, key)); !strings.Contains(got, fmt.Sprintf(`"properties":{%q:`, key)) {
			t.Errorf("%s: got %s", key, got)
		}
	}
}

// Objects whose keys hardly ever come again are maps, if their values are of one kind.
func TestInferFindsMaps(t *testing.T) {
	for name, test := range map[string]struct {
		samples []string
		want    string
	}{
		"of numbers": {[]string{`{"anna":1}`, `{"bert":2,"carl":null}`, `{"dora":3}`}, `{"type":"object","additionalProperties":{"type":["integer","null"]}}`},
		"of objects": {
			[]string{`{"anna":{"n":1,"m":"x"}}`, `{"bert":{"n":2}}`, `{"carl":{"n":3}}`},
			`{"type":"object","additionalProperties":{"type":"object","required":["n"],"properties":{"n":{"type":"integer"},"m":{"type":"string"}}}}`,
		},
		"of maps": {
			[]string{`{"anna":{"bert":1}}`, `{"carl":{"dora":1}}`, `{"emil":{"fred":2}}`},
			`{"type":"object","additionalProperties":{"type":"object","additionalProperties":{"type":"integer"}}}`,
		},
		"of lists": {[]string{`{"anna":["a"]}`, `{"bert":[]}`, `{"carl":["b"]}`}, `{"type":"object","additionalProperties":{"type":"array","items":{"type":"string"}}}`},
		"no map: of several kinds": {
			[]string{`{"a":1}`, `{"b":"x"}`, `{"c":true}`},
			`{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"},"c":{"type":"boolean"}}}`,
		},
		"no map: keys come again": {
			[]string{`{"a":1,"b":1}`, `{"a":1,"c":1}`, `{"a":1,"d":1}`},
			`{"type":"object","required":["a"],"properties":{"a":{"type":"integer"},"b":{"type":"integer"},"c":{"type":"integer"},"d":{"type":"integer"}}}`,
		},
		"no map: objects of other things": {
			[]string{`{"order":{"id":1,"total":5,"paid":true}}`, `{"customer":{"id":1,"since":"x","mail":"y"}}`, `{"item":{"id":2,"sku":"z"}}`},
			`{"type":"object","properties":{"order":{"type":"object","properties":{"id":{"type":"integer"},"total":{"type":"integer"},"paid":{"type":"boolean"}}},"customer":{"type":"object","properties":{"id":{"type":"integer"},"since":{"type":"string"},"mail":{"type":"string"}}},"item":{"type":"object","properties":{"id":{"type":"integer"},"sku":{"type":"string"}}}}}`,
		},
		"no map: one object": {[]string{`{"a":1,"b":1,"c":1,"d":1}`}, `{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"},"c":{"type":"integer"},"d":{"type":"integer"}}}`},
	} {
		if got := infer(t, false, test.samples...); got != test.want {
			t.Errorf("%s: want %s, got %s", name, test.want, got)
		}
	}
}

// What repeats is no enumeration where it may be a secret, or of a person.
func TestInferTellsNoSecretsThatRepeat(t *testing.T) {
	for _, name := range []string{
		"token", "accessToken", "api_key", "APIKey", "secret", "clientSecrets", "password", "X-Signature", "name", "first_name", "username", "email", "customer", "phoneNumber", "address", "addresses",
	} {
		samples := repeated(20, fmt.Sprintf(`{%q:"open","l":{%q:["paid","open"]}}`, name, name), fmt.Sprintf(`{%q:"paid"}`, name))
		if got := infer(t, false, samples...); strings.Contains(got, "paid") {
			t.Errorf("%s: got %s", name, got)
		}
	}
	for _, value := range []string{"tk_live_abcdefgh", "sk_test_a1b2c3", "a1b2c3d4", "order_1234567", "whsec-test-abcdefg"} {
		if got := infer(t, false, repeated(20, fmt.Sprintf(`{"state":%q}`, value), `{"state":"open"}`)...); strings.Contains(got, value) {
			t.Errorf("%s: got %s", value, got)
		}
	}
	for _, value := range []string{"order/created", "in_transit", "net30", "v2", "USD", "live", "test"} {
		if got := infer(t, false, repeated(20, fmt.Sprintf(`{"state":%q}`, value), `{"state":"open"}`)...); !strings.Contains(got, fmt.Sprintf("%q", value)) {
			t.Errorf("%s: got %s", value, got)
		}
	}
}
