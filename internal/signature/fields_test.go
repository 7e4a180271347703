package signature

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

func TestDictionaries(t *testing.T) {
	list := fieldMember{
		key: "sig1", raw: `( "a";x "b\"\\"  c );n=-12;t=?0;k="v";b=:AQI=:;f`, isList: true,
		list: []fieldEntry{
			{raw: `"a";x`, item: fieldItem{kind: fieldString, text: "a"}, params: []fieldParam{{"x", fieldItem{kind: fieldBoolean, number: 1}}}},
			{raw: `"b\"\\"`, item: fieldItem{kind: fieldString, text: `b"\`}},
			{raw: `c`, item: fieldItem{kind: fieldToken, text: "c"}},
		},
		params: []fieldParam{
			{"n", fieldItem{kind: fieldInteger, number: -12}}, {"t", fieldItem{kind: fieldBoolean}}, {"k", fieldItem{kind: fieldString, text: "v"}},
			{"b", fieldItem{kind: fieldBytes, text: "\x01\x02"}}, {"f", fieldItem{kind: fieldBoolean, number: 1}},
		},
	}
	for text, want := range map[string][]fieldMember{
		"":                 nil,
		"  ":               nil,
		"a":                {{key: "a", item: fieldItem{kind: fieldBoolean, number: 1}}},
		" a=1 \t, b=?0":    {{key: "a", raw: "1", item: fieldItem{kind: fieldInteger, number: 1}}, {key: "b", raw: "?0", item: fieldItem{kind: fieldBoolean}}},
		"*a.b_c-1=()":      {{key: "*a.b_c-1", raw: "()", isList: true}},
		"a=()":             {{key: "a", raw: "()", isList: true}},
		"a=*t/x:":          {{key: "a", raw: "*t/x:", item: fieldItem{kind: fieldToken, text: "*t/x:"}}},
		"a;x=1":            {{key: "a", raw: ";x=1", item: fieldItem{kind: fieldBoolean, number: 1}, params: []fieldParam{{"x", fieldItem{kind: fieldInteger, number: 1}}}}},
		"sig1=" + list.raw: {list},
	} {
		got, err := parseDictionary(text)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(fieldMember{}, fieldEntry{}, fieldParam{}, fieldItem{})); diff != "" || err != nil {
			t.Errorf("%q: %v\n%s", text, err, diff)
		}
	}
}

func TestFaultyDictionaries(t *testing.T) {
	for text, want := range map[string]string{
		"A=1":                                  "lower case",
		"1=1":                                  "lower case",
		"=1":                                   "lower case",
		"a=":                                   "want a value",
		"a=1,":                                 "a member after the comma",
		"a=1 b=2":                              "want a comma",
		"a=1, a=2":                             "a is there twice",
		"a=1.5":                                "want an integer",
		"a=-":                                  "an integer of 1 to 15 digits",
		"a=1234567890123456":                   "an integer of 1 to 15 digits",
		"a=@1":                                 "want a value",
		`a=%"x"`:                               "want a value",
		`a="x`:                                 "closing quote",
		`a="\x"`:                               "after a backslash",
		"a=\"\x7f\"":                           "closing quote",
		"a=\"\xc3\xa9\"":                       "closing quote",
		"a=?2":                                 "0 or 1",
		"a=:AQI:":                              "not base64",
		"a=:AQJ=:":                             "not base64",
		"a=:AQ I=:":                            "closing colon",
		"a=:AQI=":                              "closing colon",
		"a=(":                                  "want a value",
		"a=(1 2":                               "closing parenthesis",
		"a=():":                                "want a comma",
		"a=(1,2)":                              "closing parenthesis",
		"a=((1))":                              "want a value",
		"a=1;":                                 "lower case",
		"a=1;x=1;x=2":                          "x is there twice",
		"a=1;x=()":                             "want a value",
		"a\x00":                                "want a comma",
		"a=(" + strings.Repeat("1 ", 65) + ")": "at most 64 items",
		strings.Repeat("a,", 2) + "b":          "a is there twice",
	} {
		if got, err := parseDictionary(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: want %q, got %v %v", text, want, got, err)
		}
	}
}

// The examples of RFC 9421, 2.1 and 2.2.
func TestComponents(t *testing.T) {
	m := &provider.Message{Method: "POST", URL: "HTTPS://www.Example.com:443/path?param=value&foo=bar&baz=bat%2Dman&a=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something&qux#part", Header: hook.Header{
		{Name: "Cache-Control", Value: " max-age=60 "}, {Name: "X-Empty"}, {Name: "cache-control", Value: "   must-revalidate"},
	}}
	bare := &provider.Message{URL: "https://www.example.com:8443"}
	relative := &provider.Message{URL: "/in?", Header: hook.Header{{Name: "host", Value: "Example.com"}}}
	for _, test := range []struct {
		m           *provider.Message
		text, value string
	}{
		{m, "@method", "POST"},
		{m, "@target-uri", strings.TrimSuffix(m.URL, "#part")},
		{m, "@authority", "www.example.com"},
		{m, "@scheme", "https"},
		{m, "@request-target", strings.TrimSuffix(m.URL, "#part")[len("https://www.example.com:443"):]},
		{m, "@path", "/path"},
		{m, "@query", "?param=value&foo=bar&baz=bat%2Dman&a=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something&qux"},
		{m, `@query-param;name="param"`, "value"},
		{m, `@query-param;name="baz"`, "bat-man"},
		{m, `@query-param;name="a"`, "with%20plus%20whitespace"},
		{m, `@query-param;name="fa%C3%A7ade%22%3A%20"`, "something"},
		{m, `@query-param;name="qux"`, ""},
		{m, "cache-control", "max-age=60, must-revalidate"},
		{m, "x-empty", ""},
		{bare, "@authority", "www.example.com:8443"},
		{bare, "@path", "/"},
		{bare, "@query", "?"},
		{bare, "@request-target", "/"},
		{relative, "@authority", "example.com"},
		{relative, "@path", "/in"},
		{relative, "@query", "?"},
	} {
		c, err := parseComponent(test.text)
		if err != nil {
			t.Error(err)
			continue
		}
		if got, err := c.value(test.m); got != test.value || err != nil {
			t.Errorf("%s: want %q, got %q %v", test.text, test.value, got, err)
		}
	}
}

// The signature of B.2.4 is one of a response, which there are none of here: what is
// signed is put together by hand.
func TestECDSASignatureOfRFC9421(t *testing.T) {
	const public = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lfw0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ=="
	const base = `"@status": 200
"content-type": application/json
"content-digest": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:
"content-length": 23
"@signature-params": ("@status" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-ecc-p256"`
	k, err := newVerifyingKey(Key{"secret", public}, &provider.Scheme{Algorithm: provider.ECDSAP256})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString("wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==")
	if err != nil {
		t.Fatal(err)
	}
	signature, err := ecdsaToASN1(raw)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := k.verify(plain(base), signature); !ok || err != nil {
		t.Error("want it to hold, got", ok, err)
	}
	if ok, _ := k.verify(plain(strings.Replace(base, "200", "201", 1)), signature); ok {
		t.Error("want another status not to hold")
	}
	if back, err := ecdsaFromASN1(signature); err != nil || string(back) != string(raw) {
		t.Errorf("there and back: %x %v", back, err)
	}
	for _, raw := range [][]byte{nil, raw[1:], signature, make([]byte, 64)} {
		if signature, err := ecdsaToASN1(raw); err == nil {
			if ok, _ := k.verify(plain(base), signature); ok {
				t.Errorf("%x: want it not to hold", raw)
			}
		}
	}
}
