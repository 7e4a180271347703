package schema

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

const (
	// maxShown is how many characters of a value or a pattern are shown.
	maxShown = 40
	// maxListed is how many values of an enum are listed.
	maxListed = 8
	// maxSaid is how many bytes are taken of what jsonschema/v5 says.
	maxSaid = 200
)

// words says what a keyword wants of a value, and what it got. said is what
// jsonschema/v5 has to say, for keywords that hookctl has no words for.
func words(keyword string, s *jsonschema.Schema, value any, said string) string {
	switch keyword {
	case "type":
		return "want " + either(s.Types) + ", got " + told(value)
	case "const":
		return "want " + toldAlone(s.Constant[0]) + ", got " + plain(value)
	case "enum":
		return "want " + oneOf(s.Enum) + "; got " + plain(value)
	case "format":
		return "want " + formatName(s.Format) + ", got " + plain(value)
	case "pattern":
		return "want a match of " + patternOf(s, said) + ", got " + plain(value)
	case "minimum":
		return "want at least " + decimal(s.Minimum) + ", got " + plain(value)
	case "maximum":
		return "want at most " + decimal(s.Maximum) + ", got " + plain(value)
	case "exclusiveMinimum":
		return "want more than " + decimal(s.ExclusiveMinimum) + ", got " + plain(value)
	case "exclusiveMaximum":
		return "want less than " + decimal(s.ExclusiveMaximum) + ", got " + plain(value)
	case "multipleOf":
		return "want a multiple of " + decimal(s.MultipleOf) + ", got " + plain(value)
	case "not":
		return "got " + plain(value) + ", which is just what must not be here"
	}
	return wordsOnSize(keyword, s, value, said)
}

func wordsOnSize(keyword string, s *jsonschema.Schema, value any, said string) string {
	length := sizeOf(value)
	switch keyword {
	case "minLength":
		return fmt.Sprintf("want at least %s, got %d: %s", count(s.MinLength, "character"), length, toldAlone(value))
	case "maxLength":
		return fmt.Sprintf("want at most %s, got %d: %s", count(s.MaxLength, "character"), length, toldAlone(value))
	case "minItems":
		return fmt.Sprintf("want at least %s, got %d", count(s.MinItems, "item"), length)
	case "maxItems":
		return fmt.Sprintf("want at most %s, got %d", count(s.MaxItems, "item"), length)
	case "minProperties":
		return fmt.Sprintf("want at least %s, got %d", counted(s.MinProperties, "property", "properties"), length)
	case "maxProperties":
		return fmt.Sprintf("want at most %s, got %d", counted(s.MaxProperties, "property", "properties"), length)
	case "additionalItems":
		if listed, ok := s.Items.([]*jsonschema.Schema); ok {
			return fmt.Sprintf("want at most %s, got %d", count(len(listed), "item"), length)
		}
	case "minContains":
		return fmt.Sprintf("want at least %s as \"contains\" says, among %d", count(s.MinContains, "item"), length)
	case "maxContains":
		return fmt.Sprintf("want at most %s as \"contains\" says, among %d", count(s.MaxContains, "item"), length)
	case "uniqueItems":
		var i, j int
		if n, _ := fmt.Sscanf(said, "items at index %d and %d are equal", &i, &j); n == 2 {
			return fmt.Sprintf("want items that differ, got items %d and %d alike", i, j)
		}
	case "contentEncoding":
		return "want text in " + s.ContentEncoding + ", got " + plain(value)
	case "contentMediaType":
		return "want text that is " + s.ContentMediaType + ", got " + plain(value)
	}
	return brief(said)
}

// brief is what jsonschema/v5 says, which may name a thousand properties.
func brief(said string) string {
	if len(said) <= maxSaid {
		return said
	}
	return strings.ToValidUTF8(said[:maxSaid], "") + "…"
}

// severalFit is a oneOf of which more than one alternative fits.
func severalFit(said string, alternatives int) string {
	var i, j int
	if n, _ := fmt.Sscanf(said, "valid against schemas at indexes %d and %d", &i, &j); n != 2 {
		return said
	}
	return fmt.Sprintf("want exactly one of the %d alternatives to fit, and %d and %d do", alternatives, i+1, j+1)
}

// patternOf is the pattern of a schema. Of one that an extension matches only its place
// is known.
func patternOf(s *jsonschema.Schema, said string) string {
	if s.Pattern != nil {
		return shown(s.Pattern.String())
	}
	return shown(said)
}

func sizeOf(value any) int {
	switch value := value.(type) {
	case string:
		return len([]rune(value))
	case []any:
		return len(value)
	case map[string]any:
		return len(value)
	}
	return 0
}

// told is a value with its type, shortened: `string "12"`.
func told(value any) string {
	switch value := value.(type) {
	case string:
		return "string " + shown(value)
	case json.Number:
		return "number " + cut(value.String())
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return toldAlone(value)
}

// plain is a value as it is written, shortened; of an object or array only the word.
func plain(value any) string {
	switch value.(type) {
	case []any, map[string]any:
		return told(value)
	}
	return toldAlone(value)
}

// toldAlone is a value without its type, where it has one that shows.
func toldAlone(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(value)
	case json.Number:
		return cut(value.String())
	case string:
		return shown(value)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return "a value"
	}
	if plain := string(text); strconv.Quote(plain) == `"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(plain)+`"` {
		return cut(plain)
	}
	return cut(strconv.QuoteToASCII(string(text)))
}

// shown is a text in quotes, shortened, in which every character can be seen.
func shown(text string) string { return strconv.Quote(cut(text)) }

func cut(text string) string {
	if len(text) <= maxShown {
		return text
	}
	runes := 0
	for i := range text {
		if runes++; runes > maxShown {
			return text[:i] + "…"
		}
	}
	return text
}

// either lists types: "integer, string or null".
func either(names []string) string {
	switch len(names) {
	case 0:
		return "nothing"
	case 1:
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// oneOf lists the values of an enum.
func oneOf(values []any) string {
	var listed []string
	for _, value := range values {
		if text := toldAlone(value); !slices.Contains(listed, text) {
			listed = append(listed, text)
		}
	}
	if len(listed) == 1 {
		return listed[0]
	}
	if more := len(listed) - maxListed; more > 0 {
		return "one of " + strings.Join(listed[:maxListed], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return "one of " + strings.Join(listed, ", ")
}

func formatName(format string) string {
	switch format {
	case "email", "idn-email", "iri", "iri-reference", "ipv4", "ipv6", "ip-address":
		return "an " + format
	}
	return "a " + format
}

// decimal is a bound of a schema as people write it.
func decimal(bound *big.Rat) string {
	if bound.IsInt() {
		return cut(bound.Num().String())
	}
	if digits, exact := bound.FloatPrec(); exact && digits <= 2*maxShown {
		return cut(bound.FloatString(digits))
	}
	return bound.FloatString(maxShown / 2)
}

func count(n int, thing string) string { return counted(n, thing, thing+"s") }

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
