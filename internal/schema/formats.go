package schema

import (
	"net/netip"
	"regexp"
	"strings"
)

// formats are the formats that are checked, in all drafts alike. A text that is not
// what its format says is a fault; so these go by the letter of their RFCs.
func formats() map[string]func(string) bool {
	return map[string]func(string) bool{
		"date-time":             isDateTime,
		"date":                  isDate,
		"time":                  isTime,
		"duration":              isDuration,
		"email":                 func(s string) bool { return isEmail(s, false) },
		"idn-email":             func(s string) bool { return isEmail(s, true) },
		"hostname":              isHostname,
		"host-name":             isHostname,
		"ipv4":                  isIPv4,
		"ip-address":            isIPv4,
		"ipv6":                  isIPv6,
		"uri":                   func(s string) bool { return isURI(s, false) },
		"uri-reference":         func(s string) bool { return isURIReference(s, false) },
		"uriref":                func(s string) bool { return isURIReference(s, false) },
		"iri":                   func(s string) bool { return isURI(s, true) },
		"iri-reference":         func(s string) bool { return isURIReference(s, true) },
		"uri-template":          isURITemplate,
		"uuid":                  isUUID,
		"regex":                 isRegex,
		"json-pointer":          isJSONPointer,
		"relative-json-pointer": isRelativeJSONPointer,
	}
}

// builtIn are the formats that jsonschema/v5 has functions for.
func builtIn() []string {
	return []string{
		"date-time", "date", "time", "duration", "period", "hostname", "email", "ip-address", "ipv4", "ipv6", "uri", "iri",
		"uri-reference", "uriref", "iri-reference", "uri-template", "regex", "json-pointer", "relative-json-pointer", "uuid",
	}
}

// onStrings is a format for jsonschema/v5: what is not a string fits every format.
func onStrings(fits func(string) bool) func(any) bool {
	return func(value any) bool {
		s, ok := value.(string)
		return !ok || fits(s)
	}
}

func isIPv4(s string) bool {
	addr, err := netip.ParseAddr(s)
	return err == nil && addr.Is4()
}

func isIPv6(s string) bool {
	addr, err := netip.ParseAddr(s)
	return err == nil && addr.Is6() && addr.Zone() == ""
}

// isHostname goes by RFC 1123. A dot at the end, as of a full name in the DNS, is let
// through.
func isHostname(s string) bool {
	s = strings.TrimSuffix(s, ".")
	if len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; !isAlphanumeric(c) && c != '-' {
				return false
			}
		}
	}
	return true
}

// isEmail goes by RFC 5321: a local part of atoms or in quotes, then a domain or an
// address in brackets. Where international is true, other letters may be in both.
func isEmail(s string, international bool) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || len(s) > 254 {
		return false
	}
	local, domain := s[:at], s[at+1:]
	if !isLocalPart(local, international) {
		return false
	}
	if inner, ok := strings.CutPrefix(domain, "["); ok {
		inner, closed := strings.CutSuffix(inner, "]")
		v6, isV6 := strings.CutPrefix(inner, "IPv6:")
		return closed && (isV6 && isIPv6(v6) || !isV6 && isIPv4(inner))
	}
	if !international || isASCII(domain) {
		return !strings.HasSuffix(domain, ".") && isHostname(domain)
	}
	return !strings.ContainsAny(domain, " \t\r\n()<>@,;:\\\"[]/") && !strings.Contains(domain, "..") && domain[0] != '.'
}

func isLocalPart(s string, international bool) bool {
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		return isQuoted(s[1 : len(s)-1])
	}
	for atom := range strings.SplitSeq(s, ".") {
		if atom == "" {
			return false
		}
		for i := range len(atom) {
			c := atom[i]
			if !isAlphanumeric(c) && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", rune(c)) && (c < 0x80 || !international) {
				return false
			}
		}
	}
	return true
}

func isQuoted(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
		} else if s[i] == '"' {
			return false
		}
		if i >= len(s) || s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
		} else if !isHex(s[i]) {
			return false
		}
	}
	return true
}

// isRegex takes what Go or ECMA-262 understands: a schema may have either.
func isRegex(s string) bool {
	if _, err := regexp.Compile(s); err == nil {
		return true
	}
	_, err := newECMA(s)
	return err == nil
}

func isJSONPointer(s string) bool {
	if s != "" && s[0] != '/' {
		return false
	}
	for i := range len(s) {
		if s[i] == '~' && (i+1 == len(s) || s[i+1] != '0' && s[i+1] != '1') {
			return false
		}
	}
	return true
}

// isRelativeJSONPointer is a number of levels up, then a pointer or "#".
func isRelativeJSONPointer(s string) bool {
	digits := leadingDigits(s)
	if digits == 0 || digits > 1 && s[0] == '0' {
		return false
	}
	rest := s[digits:]
	if (strings.HasPrefix(rest, "+") || strings.HasPrefix(rest, "-")) && len(rest) > 1 && rest[1] != '0' {
		if n := leadingDigits(rest[1:]); n > 0 { // an index to move to in the array, since 2020-12
			rest = rest[1+n:]
		}
	}
	return rest == "#" || isJSONPointer(rest)
}

func leadingDigits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isAlphanumeric(c byte) bool { return isDigit(c) || isLetter(c) }

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
