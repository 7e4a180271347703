package signature

import (
	"net/url"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// A component is a part of a request that a signature covers (RFC 9421, 2): a
// header field, or what is derived from the request.
type component struct {
	name string
	// param is the name of the query parameter that @query-param means.
	param string
	// written is the identifier with its parameters, as it is or is to be written.
	written string
}

// newComponent reads an identifier in a Signature-Input. The error is a *fault:
// what would have to be computed in a way that is not built in is refused, as any
// other value could only be wrong.
func newComponent(e *fieldEntry) (component, error) {
	c := component{name: e.item.text, written: e.raw}
	switch {
	case e.item.kind != fieldString || c.name == "":
		return c, faultf(Malformed, "header Signature-Input: want components in quotes, got %s", e.item.kind)
	case strings.ToLower(c.name) != c.name:
		return c, faultf(Malformed, "header Signature-Input: want the component %s in lower case", shorten(c.name))
	case strings.HasPrefix(c.name, "@") && !isDerived(c.name):
		return c, faultf(Malformed, "the component %s is not one of a request", shorten(c.name))
	}
	for _, p := range e.params {
		if c.name != "@query-param" || p.name != "name" || p.value.kind != fieldString {
			return c, faultf(Malformed, "the parameter %s of the component %s is not supported", p.name, shorten(c.name))
		}
		c.param = p.value.text
	}
	if c.name == "@query-param" && len(e.params) == 0 {
		return c, faultf(Malformed, "the component @query-param lacks the name of a parameter")
	}
	return c, nil
}

// parseComponent reads a component as profiles write it: content-digest, @method,
// @query-param;name="id".
func parseComponent(text string) (component, error) {
	name, params, has := strings.Cut(text, ";")
	written := quoteField(name)
	if has {
		written += ";" + params
	}
	r := &fieldReader{text: written}
	e, err := r.entry()
	if err == nil && !r.ended() {
		err = r.want("the end")
	}
	if err != nil {
		return component{}, err
	}
	return newComponent(&e)
}

// same reports whether both mean the same part.
func (c *component) same(other *component) bool {
	return c.name == other.name && c.param == other.param
}

func isDerived(name string) bool {
	switch name {
	case "@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query", "@query-param":
		return true
	}
	return false
}

// guessed reports whether the value depends on how the sender wrote the URL, which
// a receiver cannot always know.
func (c *component) guessed() bool {
	return c.name == "@target-uri" || c.name == "@authority" || c.name == "@scheme"
}

// value is that of the component in m. The error is a *fault.
func (c *component) value(m *provider.Message) (string, error) {
	if !strings.HasPrefix(c.name, "@") {
		return headerValue(m.Header, c.name)
	}
	to := splitURL(m)
	value := ""
	switch c.name {
	case "@method":
		value = m.Method
	case "@target-uri":
		if to.scheme != "" {
			value, _, _ = strings.Cut(m.URL, "#")
		}
	case "@authority":
		value = to.authority
	case "@scheme":
		value = to.scheme
	case "@request-target":
		value = to.path + to.query
	case "@path":
		value = to.path
	case "@query":
		value = orElse(to.query, "?")
	case "@query-param":
		return queryParam(to.query, c.param)
	}
	if value == "" {
		return "", faultf(Incomplete, "nothing tells the %s of this request, which the signature covers", c.name)
	}
	if strings.ContainsAny(value, "\r\n") {
		return "", faultf(Malformed, "%s has a line break in it", c.name)
	}
	return value, nil
}

// headerValue is that of all header lines called name (RFC 9421, 2.1).
func headerValue(h hook.Header, name string) (string, error) {
	values := h.Values(name)
	if values == nil {
		return "", faultf(Incomplete, "there is no header %s, which the signature covers", name)
	}
	for i, value := range values {
		if values[i] = strings.Trim(value, " \t"); strings.ContainsAny(value, "\r\n") {
			return "", faultf(Malformed, "header %s has a line break in it", name)
		}
	}
	return strings.Join(values, ", "), nil
}

// A sentTo is a URL taken apart as RFC 9421, 2.2 has its parts: scheme and authority
// in lower case, the authority without the port that goes without saying, the path
// at least "/", the query with its "?". What is not known is "".
type sentTo struct{ scheme, authority, path, query string }

// splitURL takes the URL of m apart without decoding anything: it is signed as it
// was sent. Where it has no host, the header Host tells.
func splitURL(m *provider.Message) sentTo {
	rest, _, _ := strings.Cut(m.URL, "#")
	var to sentTo
	if scheme, after, ok := strings.Cut(rest, "://"); ok {
		end := strings.IndexAny(after, "/?")
		if end < 0 {
			end = len(after)
		}
		to.scheme, to.authority, rest = strings.ToLower(scheme), after[:end], after[end:]
	} else {
		to.authority = m.Header.Get("Host")
	}
	to.authority = strings.ToLower(to.authority)
	switch to.scheme {
	case "https":
		to.authority = strings.TrimSuffix(to.authority, ":443")
	case "http":
		to.authority = strings.TrimSuffix(to.authority, ":80")
	}
	path, query, has := strings.Cut(rest, "?")
	to.path = orElse(path, "/")
	if has {
		to.query = "?" + query
	}
	return to
}

// queryParam is the value of the one query parameter whose name is written as name
// when it is encoded anew (RFC 9421, 2.2.8).
func queryParam(query, name string) (string, error) {
	found, count := "", 0
	for pair := range strings.SplitSeq(strings.TrimPrefix(query, "?"), "&") {
		key, value, _ := strings.Cut(pair, "=")
		if pair != "" && encodeParam(decodeParam(key)) == name {
			found, count = encodeParam(decodeParam(value)), count+1
		}
	}
	switch count {
	case 0:
		return "", faultf(Incomplete, "there is no query parameter %s, which the signature covers", shorten(name))
	case 1:
		return found, nil
	}
	return "", faultf(Duplicate, "the query parameter %s, which the signature covers, is there more than once", shorten(name))
}

// decodeParam reads a part of a query as a form does, where a faulty escape stands
// for itself.
func decodeParam(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return strings.ReplaceAll(text, "+", " ")
}

// encodeParam writes a part of a query with the escapes of a form, but %20 for a space.
func encodeParam(text string) string {
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		if isLower(c) || isDigit(c) || c >= 'A' && c <= 'Z' || strings.IndexByte("*-._", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
		}
	}
	return b.String()
}
