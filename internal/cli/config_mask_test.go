package cli

import (
	"testing"
)

func TestShownConfigurationHidesCredentials(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"nothing to hide":        {"endpoints:\n  o: {url: http://x:1/a@b, secret: env:S, headers: {X-Tenant: acme}}\n", ""},
		"a URL":                  {"url: http://me:pw@x:1\n", "url: http://********@x:1\n"},
		"a secret":               {"  secret: s3cret, with more # why\n", "  secret: ******** # why\n"},
		"a secret in quotes":     {"secret: \"s3 # cret\" # why\n", "secret: ******** # why\n"},
		"in braces":              {"o: {secret: s3cret, url: x:1}\n", "o: {secret: ********, url: x:1}\n"},
		"in braces, in quotes":   {"o: {secret: 's3, cret', url: x:1}\n", "o: {secret: ********, url: x:1}\n"},
		"some of a list":         {"secret: [env:A, s3cret]\n", "secret: [env:A, ********]\n"},
		"items":                  {"secret:\n  - env:A\n  - s3cret\nurl: x:1\n", "secret:\n  - env:A\n  - ********\nurl: x:1\n"},
		"items not indented":     {"  secret:\n  - s3cret\n  url: x:1\n", "  secret:\n  - ********\n  url: x:1\n"},
		"lines":                  {"secret: |\n  s3\n  cret\nurl: x:1\n", "secret: |\n  ********\n  ********\nurl: x:1\n"},
		"a header":               {"headers:\n  Authorization: Bearer a,b\n  X-A: 1\n", "headers:\n  Authorization: ********\n  X-A: 1\n"},
		"a header in braces":     {"headers: {\"X-Api-Key\": k3y, X-A: 1}\n", "headers: {\"X-Api-Key\": ********, X-A: 1}\n"},
		"a header in a list":     {"headers: ['Authorization: Bearer a, b', 'X-A: 1']\n", "headers: ['Authorization: ********', 'X-A: 1']\n"},
		"a header as an item":    {"headers:\n  - 'Authorization: Bearer a, b'\n", "headers:\n  - 'Authorization: ********'\n"},
		"an item without quotes": {"headers:\n  - Authorization: Bearer a, b\r\n", "headers:\n  - Authorization: ********\r\n"},
		"a comment":              {"# secret: none\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if test.want == "" {
				test.want = test.text
			}
			got := string(maskedConfig([]byte(test.text)))
			if got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
			if has := hasCredentials([]byte(test.text)); has != (test.want != test.text) {
				t.Errorf("credentials: %t", has)
			}
		})
	}
}
