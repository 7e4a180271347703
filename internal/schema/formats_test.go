package schema_test

import (
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
)

func TestFormats(t *testing.T) {
	label := strings.Repeat("a", 63)
	for format, texts := range map[string]struct{ good, bad []string }{
		"date-time": {
			[]string{"2018-04-25T20:42:10Z", "2018-04-25t20:42:10.123456789z", "2000-02-29T00:00:00+23:59", "1998-12-31T23:59:60Z", "1998-12-31T15:59:60-08:00"},
			[]string{"2018-04-25 20:42:10", "2018-04-25 20:42:10Z", "2018-04-25T20:42:10", "2018-04-25", "2018-02-29T00:00:00Z", "2018-13-01T00:00:00Z", "2018-01-01T24:00:00Z",
				"2018-01-01T00:00:60Z", "2018-01-01T00:00:00.Z", "2018-01-01T00:00:00+24:00", "2018-01-01T00:00:00+0100", "2018-01-01T+1:00:00Z", "٢٠18-01-01T00:00:00Z", ""},
		},
		"date": {[]string{"2020-02-29", "0000-01-01"}, []string{"2020-2-9", "2100-02-29", "2020-00-10", "2020-01-32", "20200101", "2020-01-1৪", ""}},
		"time": {[]string{"08:30:06Z", "08:30:06.283185+05:30", "23:59:60Z", "00:29:60+00:30"}, []string{"08:30:06", "8:30:06Z", "24:00:00Z", "22:59:60Z", "08:30:06 PST", "08:30:06#00:20", "-1:30:06Z"}},
		"duration": {
			[]string{"P4DT12H30M5S", "P1Y", "PT0S", "P2W", "P1Y2M3DT1S", "PT36H", "P1M"},
			[]string{"", "P", "PT", "P1", "1D", "P1D2H", "P2W1D", "P1YT", "PT1D", "P1Y2D", "P0.5Y", "P১Y", "PT1H2S", "P1S"},
		},
		"email": {
			[]string{"a@b.c", "joe.bloggs@example.com", "te~st+x@example.com", `"joe bloggs"@example.com`, `"a\"b"@example.com`, "a@[127.0.0.1]", "a@[IPv6:::1]", "root@localhost"},
			[]string{"", "a", "@b.c", "a@", ".a@b.c", "a.@b.c", "a..b@c.d", "a b@c.d", "a@b c", "a@[127.0.0.300]", "a@[127.0.0.1", "a@-b.c", "a@b.c.", "é@b.c", "a@é.c", strings.Repeat("a", 65) + "@b.c", "Joe <a@b.c>"},
		},
		"idn-email": {[]string{"실례@실례.테스트", "a@b.c"}, []string{"2962", "@실례", "a b@실례.테스트", "a@실례 테스트"}},
		"hostname": {
			[]string{"www.example.com", "xn--4gbwdl.xn--wgbh1c", "1host", "a-b", "example.com.", label + ".com", "localhost", "12.34"},
			[]string{"", ".", "-a.com", "a-.com", "a.-b", "a..b", "a_b", "not a host", label + "a.com", strings.Repeat(label+".", 4) + "com", "münchen.de"},
		},
		"ipv4": {[]string{"192.168.0.1", "0.0.0.0", "255.255.255.255"}, []string{"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "+1.2.3.4", "01.2.3.4", "1.2.3.4/24", "0x7f.0.0.1", "1২.2.3.4", " 1.2.3.4"}},
		"ipv6": {[]string{"::1", "::", "2001:db8::8a2e:370:7334", "::ffff:192.168.0.1", "1:2:3:4:5:6:7:8"}, []string{"", "1.2.3.4", "12345::", ":2:3:4:5:6:7:8", "1::2::3", "fe80::1%eth0", "[::1]", "::1/64", "1:2:3:4:5:6:7"}},
		"uri": {
			[]string{"http://foo.bar/?baz=qux#quux", "http://foo.bar/?q=Test%20URL-encoded%20stuff", "http://-.~_!$&'()*+,;=:%40:80%2f::::::@example.com", "ldap://[2001:db8::7]/c=GB?objectClass?one",
				"mailto:a@b.c", "urn:oasis:names", "tel:+1-816-555-1212", "https://a/b/", "a:", "http://h:8080", "file:///etc/hostname", "http://[v1.x:y]/"},
			[]string{"", "//foo.bar/", "/abc", "abc", `\\WINDOWS\fileshare`, "http:// shouldfail.com", ":// should fail", "http://a/ b", "http://a/<b>", `http://a/"`, "http://a/{b}", "http://a/^", "http://a/|",
				"http://a/é", "http://a/%zz", "http://a/%2", "1http://a", "http://a:b/", "http://[::1", "http://[x]/", "http://a[b]/", "http://a\\b", "http://a/#x#y", "bar,baz:foo\x00"},
		},
		"uri-reference": {[]string{"", "/abc", "a", "//foo.bar/?q", "#frag", "?q", "./a:b", "http://a"}, []string{`\\WIN`, "a b", "#a\\b", "/é", "1a:b", "a\x7f"}},
		"iri":           {[]string{"http://ƒøø.ßår/?∂éœ=πîx#πîüx", "http://a/?\ue000", "http://a"}, []string{"/abc", "http://2001:db8::7", "http://a/\ue000", "http://a/ b", "http://a/\ufffe"}},
		"iri-reference": {[]string{"/âππ", "#ƒ", ""}, []string{`\\WINDOWS\filëßåré`, "#ƒräg\\mênt"}},
		"uri-template": {
			[]string{"", "/plain", "https://api.github.com/users/o/events{/privacy}", "/repos{/user}{?a,b}{&c*}{#v}", "{+path:6}/here", "{.x.y}{;list*}", "/é{%41b}", "{a_1}%20", "{/list*,path:4}"},
			[]string{"{", "}", "{}", "{{a}}", "/a{b", "/a}b", "{a b}", "{a:0}", "{a:10000}", "{a:x}", "{a:1*}", "{a,}", "{.}", "{a..b}", "/a b", "/%2", "/<a>", `/"`, "{%4}", "{-a}", "{$a}"},
		},
		"uuid": {[]string{"2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2EB8AA08-AA98-11EA-B4AA-73B441D16380", "00000000-0000-0000-0000-000000000000"},
			[]string{"", "2eb8aa08aa9811eab4aa73b441d16380", "2eb8aa08-aa98-11ea-b4aa73b441d16380-", "2eb8aa08-aa98-11ea-b4ga-73b441d16380", "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}"}},
		"regex":        {[]string{"", "([abc])+\\s+$", "^(?!x)", "\\u0041", "a{1,2048}", `\\Z`}, []string{"^(abc]", "[", "(?<", `^a\Z`, "a**b("}},
		"json-pointer": {[]string{"", "/", "/foo/0", "/a~1b/m~0n", "//", "/é"}, []string{"a", "#/a", "/~", "/~2", "/foo/bar~", "0"}},
		"relative-json-pointer": {[]string{"0", "1/a", "0#", "120/foo/bar", "2/0/a/b#c", "0-1/a", "1+2#"},
			[]string{"", "/a", "-1/a", "+1/a", "01/a", "0##", "1a", "0~", "#"}},
	} {
		s := mustCompile(t, `{"format":"`+format+`"}`, schema.Options{})
		for _, text := range texts.good {
			if v := s.Check(asJSON(t, text)); v.Outcome != hook.Valid {
				t.Errorf("%s refuses %q", format, text)
			}
		}
		for _, text := range texts.bad {
			if v := s.Check(asJSON(t, text)); v.Outcome != hook.Invalid {
				t.Errorf("%s takes %q", format, text)
			}
		}
		if v := s.Check([]byte(`12`)); v.Outcome != hook.Valid {
			t.Errorf("%s refuses a number", format)
		}
		if len(s.Warnings) > 0 {
			t.Errorf("%s warns: %s", format, s.Warnings)
		}
	}
}

// jsonschema/v5 has formats of its own that no draft has.
func TestFormatsOfNoDraftAreNotChecked(t *testing.T) {
	for _, format := range []string{"period", "int64", "phone", "Date-Time", "idn-hostname"} {
		if v := mustCompile(t, `{"format":"`+format+`"}`, schema.Options{}).Check([]byte(`"\n"`)); v.Outcome != hook.Valid {
			t.Errorf("%s is checked", format)
		}
	}
}
