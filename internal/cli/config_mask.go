package cli

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// maskedConfig is the text of a hookctl.yaml as it may be shown: without the passwords in
// URLs, and without the values of keys that name a credential, unless these say where it is.
func maskedConfig(text []byte) []byte {
	if text == nil {
		return nil
	}
	var out strings.Builder
	within := -1 // how far the key is indented below which lines are hidden; -1 for none
	for line := range strings.Lines(string(text)) {
		bare := strings.TrimRight(line, "\r\n")
		indent := len(bare) - len(strings.TrimLeft(bare, " "))
		content := strings.TrimSpace(bare)
		item := strings.HasPrefix(content, "- ")
		if within >= 0 && content != "" && indent <= within && !(item && indent == within) {
			within = -1
		}
		shown := bare
		switch {
		case content == "" || content[0] == '#':
		case within >= 0:
			shown = bare[:indent] + maskedItem(content)
		default:
			shown = maskedLine(bare)
			if opensCredential(content) {
				within = indent
			}
		}
		out.WriteString(shown + line[len(bare):])
	}
	return regexp.MustCompile(`://[^/\s"'@]*@`).ReplaceAll([]byte(out.String()), []byte("://"+hook.Masked+"@"))
}

// hasCredentials reports whether the text of a hookctl.yaml has some in it.
func hasCredentials(text []byte) bool { return !bytes.Equal(maskedConfig(text), text) }

// opensCredential reports whether the value of a credential stands on the lines below.
func opensCredential(content string) bool {
	key, value, ok := strings.Cut(strings.TrimPrefix(content, "- "), ":")
	value = strings.TrimSpace(value)
	return ok && hook.Sensitive(strings.Trim(key, `"' `)) &&
		(value == "" || value[0] == '#' || value[0] == '|' || value[0] == '>' || value[0] == '[' && !strings.Contains(value, "]"))
}

// maskedItem is a line below the key of a credential.
func maskedItem(content string) string {
	rest, item := strings.CutPrefix(content, "- ")
	if isReference(rest) || strings.Trim(rest, "[], ") == "" {
		return content
	}
	if item {
		return "- " + hook.Masked
	}
	return hook.Masked
}

// maskedLine is a line with the values hidden of keys that name a credential.
func maskedLine(line string) string {
	key := regexp.MustCompile(`["']?[A-Za-z0-9_-]+["']?[ ]*:[ ]`)
	var out strings.Builder
	for {
		at := key.FindStringIndex(line)
		if at == nil {
			break
		}
		name := strings.TrimRight(line[at[0]:at[1]], ": ")
		out.WriteString(line[:at[1]])
		first := strings.TrimLeft(line[:at[0]], " -") == "" && out.Len() == at[1]
		line = line[at[1]:]
		if !hook.Sensitive(strings.Trim(name, `"'`)) {
			continue
		}
		end := valueEnd(line, name, first)
		out.WriteString(maskedValue(line[:end]))
		line = line[end:]
	}
	return out.String() + line
}

// valueEnd is where a value ends that follows the key called name on a line: the line itself
// where the key begins it, else the quotes, brackets or commas around.
func valueEnd(line, name string, first bool) int {
	opened := name[0] == '"' || name[0] == '\''
	closed := opened && len(name) > 1 && name[len(name)-1] == name[0]
	switch {
	case opened && !closed: // a header as one text, 'Name: value'
		if i := strings.IndexByte(line, name[0]); i >= 0 {
			return i
		}
		return len(line)
	case line != "" && (line[0] == '"' || line[0] == '\''):
		if i := strings.IndexByte(line[1:], line[0]); i >= 0 {
			return i + 2
		}
		return len(line)
	case line != "" && line[0] == '[':
		if i := strings.IndexByte(line, ']'); i >= 0 {
			return i + 1
		}
		return len(line)
	case first:
		if i := strings.Index(line, " #"); i >= 0 {
			return len(strings.TrimRight(line[:i], " "))
		}
		return len(line)
	}
	if i := strings.IndexAny(line, ",}]"); i >= 0 {
		return i
	}
	return len(line)
}

// maskedValue is the value of a credential: hidden, but for what says where one is.
func maskedValue(value string) string {
	inner, list := strings.CutPrefix(value, "[")
	if !list {
		if value == "" || isReference(value) || value[0] == '|' || value[0] == '>' {
			return value
		}
		return hook.Masked
	}
	items := strings.Split(strings.TrimSuffix(inner, "]"), ",")
	for i, item := range items {
		if trimmed := strings.TrimSpace(item); trimmed != "" && !isReference(trimmed) {
			items[i] = strings.Replace(item, trimmed, hook.Masked, 1)
		}
	}
	if !strings.HasSuffix(inner, "]") {
		return "[" + strings.Join(items, ",")
	}
	return "[" + strings.Join(items, ",") + "]"
}

// isReference reports whether a value says where a secret is.
func isReference(value string) bool {
	value = strings.Trim(value, `"' `)
	return strings.HasPrefix(value, "env:") || strings.HasPrefix(value, "file:")
}
