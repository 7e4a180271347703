package render

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// inert is Safe for text that a CI runner reads too: those of GitHub, Azure and TeamCity
// take ##[ and ##word[ for a command wherever in a line it is.
func inert(s string) string {
	s = Safe(s)
	if !strings.Contains(s, "##") { // nearly always
		return s
	}
	return regexp.MustCompile(`(?i)##([a-z]*\[)`).ReplaceAllString(s, `#\x23$1`)
}

// reportJSON is v as exact JSON on one line, in which no runner finds a command.
func reportJSON(v any) ([]byte, error) {
	text, err := jsontext.Marshal(v)
	return splitHashes(text), err
}

// splitHashes keeps two # from standing side by side in JSON text, where they can be
// in strings only.
func splitHashes(text []byte) []byte {
	return bytes.ReplaceAll(text, []byte("##"), []byte(`#\u0023`))
}

// What stands for characters that mean something to the reader of a format.
var (
	githubDataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubPropertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	xmlEscapes            = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;",
		"##", "#&#35;", "\ufffe", `\ufffe`, "\uffff", `\uffff`)
	yamlEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\ufffe", `\ufffe`, "\uffff", `\uffff`)
	tapEscapes  = strings.NewReplacer(`\`, `\\`, "#", `\#`)
)

// githubData is the message of a workflow command, which may have several lines.
func githubData(s string) string { return githubDataEscapes.Replace(s) }

// githubProperty is the value of a property of a workflow command.
func githubProperty(s string) string { return githubPropertyEscapes.Replace(s) }

// xmlText is s for an attribute or for the text between tags. It is to be safe already:
// what XML cannot hold is then gone, but for two characters that nobody has given a
// meaning.
func xmlText(s string) string { return xmlEscapes.Replace(s) }

// yamlText is s, which is to be safe already, as a quoted string of YAML.
func yamlText(s string) string { return `"` + yamlEscapes.Replace(s) + `"` }

// tapText is s, which is to be safe already, as the description of a test. # is written
// \#, which not every reader knows, so that none is left before a word that means
// something.
func tapText(s string) string {
	if strings.Contains(s, "#") { // seldom
		s = regexp.MustCompile(`(?i)#(\s*(?:skip|todo))`).ReplaceAllString(s, `\x23$1`)
	}
	return tapEscapes.Replace(s)
}

// artifactURI is a path as the reference of an artifact. An absolute path becomes a URI.
func artifactURI(path string) string {
	switch {
	case strings.HasPrefix(path, "/"):
		return "file://" + percentEncoded(path)
	case len(path) > 2 && path[1] == ':' && path[2] == '/':
		return "file:///" + path[:2] + percentEncoded(path[2:])
	}
	return percentEncoded(path)
}

// percentEncoded leaves only what has no meaning in any part of a URI, and slashes.
func percentEncoded(path string) string {
	var b strings.Builder
	for i := range len(path) {
		switch c := path[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
