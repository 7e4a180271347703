package hook

import (
	"maps"
	"slices"
	"strings"
)

// A Field is one header line: the name as it was written, and its value without
// the white space around it.
type Field struct {
	Name, Value string
}

// A Header is the header lines of a message in the order they were sent, names
// in their own case, repeats kept.
type Header []Field

// Get returns the value of the first field called name, in any case, or "".
func (h Header) Get(name string) string {
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			return h[i].Value
		}
	}
	return ""
}

// Has reports whether a field called name, in any case, is there.
func (h Header) Has(name string) bool {
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			return true
		}
	}
	return false
}

// Values returns the values of all fields called name, in any case, in order.
func (h Header) Values(name string) []string {
	var values []string
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			values = append(values, h[i].Value)
		}
	}
	return values
}

// Without returns a copy of h that lacks the fields for which drop is true.
func (h Header) Without(drop func(name string) bool) Header {
	kept := make(Header, 0, len(h))
	for _, f := range h {
		if !drop(f.Name) {
			kept = append(kept, f)
		}
	}
	return kept
}

// SortedHeader returns the fields of an http.Header by name, each name's values
// in their order. net/http does not tell in which order the names came.
func SortedHeader(fields map[string][]string) Header {
	if len(fields) == 0 {
		return nil
	}
	h := make(Header, 0, len(fields))
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		for _, value := range fields[name] {
			h = append(h, Field{name, value})
		}
	}
	return h
}

// Masked is what stands in the place of a secret value.
const Masked = "********"

// Mask returns a copy of h in which the values of sensitive fields are hidden.
func (h Header) Mask() Header {
	masked := make(Header, len(h))
	for i, f := range h {
		if Sensitive(f.Name) && f.Value != "" {
			f.Value = Masked
		}
		masked[i] = f
	}
	return masked
}

// Sensitive reports whether a header called name carries a credential by its
// name: it is shown to people, and put into files made to be shared, only on request.
// A signature is none of these: it proves one message and opens nothing.
func Sensitive(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "authorization", "proxy-authorization", "cookie", "set-cookie", "x-auth":
		return true
	}
	plain := strings.NewReplacer("-", "", "_", "").Replace(name)
	for _, word := range []string{"apikey", "token", "secret", "password", "passwd", "credential", "accesskey", "privatekey", "authkey", "sessionid", "csrf", "jwt"} {
		if strings.Contains(plain, word) {
			return true
		}
	}
	return false
}

// HopByHop reports whether a header called name belongs to one connection and
// is not passed on by an intermediary (RFC 9110, 7.6.1). Fields that the
// message's own Connection header names come on top: see ConnectionOptions.
func HopByHop(name string) bool {
	for _, own := range [...]string{
		"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection",
		"te", "trailer", "transfer-encoding", "upgrade",
	} {
		if len(own) == len(name) && strings.EqualFold(own, name) {
			return true
		}
	}
	return false
}

// A NameSet is a set of header names, in any case.
type NameSet map[string]bool

// Has reports whether name is in s.
func (s NameSet) Has(name string) bool { return len(s) > 0 && s[strings.ToLower(name)] }

// ConnectionOptions returns the names that h's Connection fields list.
func (h Header) ConnectionOptions() NameSet {
	var names NameSet
	for _, v := range h.Values("Connection") {
		for name := range strings.SplitSeq(v, ",") {
			if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
				if names == nil {
					names = NameSet{}
				}
				names[name] = true
			}
		}
	}
	return names
}
