package importer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxName is how long an event's name may be, in bytes.
	maxName = 256
	// maxFileName is how long a file's name may be before what is added to it.
	maxFileName = 100
)

// checkName refuses names that no event can have.
func checkName(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("it has no name")
	case len(name) > maxName:
		return fmt.Errorf("its name has more than %d bytes", maxName)
	case !utf8.ValidString(name), strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return errors.New("its name has characters that cannot be printed")
	}
	return nil
}

// Portable makes of any text a name that is good in files and URLs everywhere, but for its
// length and for IsDevice: letters, digits, full stops, hyphens and underscores. Where
// nothing is left it is fallback.
func Portable(text, fallback string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return '-'
	}, text)
	if name = strings.Trim(name, ".-"); name == "" {
		return fallback
	}
	return name
}

// safeText is Portable with an end to its length.
func safeText(text, fallback string) string {
	name := Portable(text, fallback)
	if len(name) > maxFileName {
		sum := sha256.Sum256([]byte(text))
		name = strings.TrimRight(name[:maxFileName-9], ".-") + "-" + hex.EncodeToString(sum[:4])
	}
	return name
}

// fileNames gives out names of files that differ on every file system.
type fileNames map[string]bool

// take returns a name for text that is free: "order-created" for "order/created".
func (taken fileNames) take(text, fallback string) string {
	name := safeText(text, fallback)
	if IsDevice(name) {
		name = fallback + "-" + name
	}
	free := name
	for n := 2; taken[strings.ToLower(free)]; n++ {
		free = name + "-" + strconv.Itoa(n)
	}
	taken[strings.ToLower(free)] = true
	return free
}

// IsDevice reports whether a name means a device on Windows, with whatever ending.
func IsDevice(name string) bool {
	base, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch base {
	case "con", "prn", "aux", "nul":
		return true
	}
	port, number := base[:min(3, len(base))], base[min(3, len(base)):]
	return (port == "com" || port == "lpt") && len(number) == 1 && isDigits(number)
}

// isDigits reports whether a text is digits and nothing else.
func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// CheckVersion refuses API versions that cannot be the name of a folder everywhere.
func CheckVersion(version string) error {
	if version == "" || safeText(version, "") != version || IsDevice(version) {
		return fmt.Errorf("want letters, digits, full stops, hyphens and underscores, got %q", version)
	}
	return nil
}

// stem is the name of a file without what says that it is a schema.
func stem(name string) string {
	for _, suffix := range []string{".json", ".yaml", ".yml", ".schema", ".jsonschema"} {
		if cut := len(name) - len(suffix); cut > 0 && strings.EqualFold(name[cut:], suffix) {
			name = name[:cut]
		}
	}
	return name
}

// dotted is the name of an event that is written as octokit writes it: issues.opened of
// issues$opened, ping of ping$event.
func dotted(name string) string {
	return strings.ReplaceAll(strings.TrimSuffix(name, "$event"), "$", ".")
}

// folded is what is the same in all spellings of a name: check-run-created of
// check_run.created.
func folded(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), "-")
}

const (
	// maxAbout is how long a description may be, in characters.
	maxAbout = 200
	// maxText is how much of a text is looked at for one, in bytes.
	maxText = 4000
)

// sentenceEnd is where a sentence ends, as far as a full stop can tell, and another begins.
var sentenceEnd = lazily(`[^.][^. ][.] [A-Z]`)

// sentence is the first sentence of the first of texts that has one.
func sentence(texts ...string) string {
	for _, text := range texts {
		text = strings.ToValidUTF8(text[:min(len(text), maxText)], "")
		text, _, _ = strings.Cut(strings.ReplaceAll(strings.TrimSpace(text), "\r\n", "\n"), "\n\n")
		text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
		if end := sentenceEnd().FindStringIndex(text); end != nil {
			text = text[:end[1]-2]
		}
		if text = strings.TrimSuffix(text, "."); text != "" {
			return shorten(text, maxAbout)
		}
	}
	return ""
}

// shorten cuts a text to so many characters.
func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return strings.TrimSpace(string(runes[:most-1])) + "…"
}
