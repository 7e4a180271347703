package provider_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/provider"
)

func TestPlacesOfURLsAndRandomTexts(t *testing.T) {
	const url = "https://a.example/x%2fy?to=a%40b.example&and=%26%20%2B&list=%28%2A%2c%3B%29"
	for _, test := range []struct {
		place, want string
		ok          bool
	}{
		{"url", url, true},
		{"url:decoded", "https://a.example/x/y?to=a@b.example&and=%26%20%2B&list=(*,;)", true},
		{"random:8", "00010203", true},
		{"random:3", "000", true},
		{"random:60", "", false}, // there is not so much
	} {
		place, err := provider.ParsePlace(test.place)
		if err != nil {
			t.Fatal(err)
		}
		scope := provider.Scope{Message: &provider.Message{URL: url}, Random: bytes.NewReader([]byte{0, 1, 2, 3, 4, 5, 6, 7})}
		if got, ok := scope.Text(&place); got != test.want || ok != test.ok {
			t.Errorf("%s: want %q, got %q, %v", test.place, test.want, got, ok)
		}
	}
	for _, wrong := range []string{"url:encoded", "random", "random:0", "random:many", "random:300"} {
		if _, err := provider.ParsePlace(wrong); err == nil {
			t.Errorf("%s: want an error, got none", wrong)
		}
	}
}

func TestRulesOfBodiesAndKeysThatCannotBeAreRefused(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"stamp of a form":          {"name: acme\nbody: {kind: form, stamps: {a: \"1\"}}\n", "a body that is form has no fields of JSON"},
		"stamp of no path":         {"name: acme\nbody: {stamps: {\"a..b\": \"1\"}}\n", "want a path such as"},
		"stamp of what is unknown": {"name: acme\nbody: {stamps: {a: \"{body}\"}}\n", "body is not known here"},
		"random text in a header":  {"name: acme\nheaders: {X-A: \"{random:8}\"}\n", "random:8 is not known here"},
		"each of one place":        {scheme("algorithm: hmac-sha256", "content: \"{body}\"", "in: header:X-A", "encoding: hex", "each: true"), "each needs several places in in"},
		"required without prefixes": {scheme("algorithm: hmac-sha256", "content: \"{body}\"", "in: header:X-A", "encoding: hex", "key: {required: true}"),
			"required needs prefixes"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parse(test.text); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("want %s, got %v", test.want, err)
			}
		})
	}
}
