package cli

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/spf13/pflag"
)

// formOf names what the text of a flag's value must be, in a configuration file.
func formOf(f *pflag.Flag) string {
	form := formOfType(f.Value)
	if isList(f) {
		return form + "s"
	}
	return form
}

func formOfType(value pflag.Value) string {
	switch value.(type) {
	case *period, *periods:
		return "period"
	case *tolerance:
		return "tolerance"
	case *timestamp:
		return "time"
	case *byteSize:
		return "size"
	case *rateLimit:
		return "rate"
	case *speedFactor:
		return "factor"
	case *deadlineScale:
		return "scale"
	case *seedNumber:
		return "seed"
	case *status:
		return "status"
	case *statusRanges:
		return "answer"
	case *deliveryStates:
		return "state"
	case *replyScript:
		return "script"
	case *formatList:
		return "report"
	case *headers:
		return "header"
	case *targetURL:
		return "target"
	}
	switch value.Type() {
	case "bool":
		return "truth"
	case "int", "int64":
		return "number"
	case "uint16":
		return "port"
	case "duration":
		return "duration"
	}
	return "word"
}

func ref(form string) object { return object{"$ref": "#/$defs/" + form} }

// Parts of patterns: what Go reads as a number, and as a length of time.
const (
	wholePattern  = `(0[xX][0-9a-fA-F_]+|0[oObB]?[0-7_]*|[1-9][0-9_]*)`
	floatPattern  = `\+?([0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*|0[xX][0-9a-fA-F_.]+[pP])([eE]?[+-]?[0-9_]+)?`
	lengthPattern = `\+?(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+|[+-]?0([nuµμm]?s|m|h)?`
	restPattern   = `(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+`
	// stepPart is what stands in the brackets of a status in a script.
	stepPart   = `(retry-after=)?(` + restPattern + `)`
	headerName = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
)

// commas is the pattern of several words with commas between them.
func commas(word string) string { return "^ *(" + word + ") *(, *(" + word + ") *)*$" }

// A form is what a value must be: in words, by its types, and by what texts and numbers
// there are.
type form struct {
	words   string
	types   []string
	pattern string // of a text
	bounds  object // of a number, or what else there is to say
}

func (f form) schema() object {
	s := object{"description": f.words, "type": f.types}
	if f.pattern != "" {
		s["pattern"] = f.pattern
	}
	maps.Copy(s, f.bounds)
	return s
}

// within are the bounds of a number.
func within(least, most int) object { return object{"minimum": least, "maximum": most} }

// forms are the definitions that settings refer to. What the program reads as a number or
// a truth value may have quotes in YAML.
func forms() object {
	texts, numbers, single := []string{"string"}, []string{"integer", "string"}, []string{"string", "number", "boolean"}
	states := strings.Join([]string{string(hook.Pending), string(hook.Succeeded), string(hook.Lost), string(hook.Cancelled)}, "|")
	named := object{"propertyNames": ref("field_name"), "additionalProperties": ref("word")}
	oneNamed := maps.Clone(named)
	maps.Copy(oneNamed, object{"minProperties": 1, "maxProperties": 1})
	listNamed := maps.Clone(named)
	listNamed["items"] = ref("line")
	all := object{}
	for name, f := range map[string]form{
		"word":          {"one value", single, "", nil},
		"glob":          {"a glob of event types such as order/*", single, "", object{"minLength": 1}},
		"truth":         {"true or false", []string{"boolean", "integer", "string"}, "^(1|t|T|true|True|TRUE|0|f|F|false|False|FALSE)$", within(0, 1)},
		"number":        {"a whole number", numbers, "^[+-]?" + wholePattern + "$", nil},
		"count":         {"a whole number, 1 or more", numbers, `^\+?0*[1-9][0-9]*$`, within(1, math.MaxInt32)},
		"seed":          {"a whole number, 0 or more", numbers, "^[0-9]+$", object{"minimum": 0}},
		"port":          {"a port from 0 to 65535", numbers, "^" + wholePattern + "$", within(0, math.MaxUint16)},
		"duration":      {"a duration such as 500ms, 30s or 5m", numbers, "^(-?" + lengthPattern + ")$", within(0, 0)},
		"period":        {"a period such as 36h, 30d or 2w", numbers, "^([0-9]+[dw]( ?(0|" + restPattern + "))?|" + lengthPattern + ")$", within(0, 0)},
		"tolerance":     {"a duration such as 15s, 5m, 48h or 5d, or any", numbers, "^(any|[0-9]+d|" + lengthPattern + ")$", within(0, 0)},
		"time":          {"seconds since 1970, or a time such as 2026-11-21T08:00:00Z", numbers, `^(\+?[0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.,]+(Z|[+-][0-9]{2}:[0-9]{2}))$`, object{"minimum": 0}},
		"size":          {"a size such as 25MiB, 500kB or 1048576", numbers, `^(\+?[0-9]+|-0+) *([kKmMgG]?[bB]?|[kKmMgG][iI][bB]) *$`, object{"minimum": 0}},
		"rate":          {"a rate such as 5/s, 100/m or 1000/h", texts, `^\s*\+?0*[1-9][0-9]*\s*/\s*[smh]\s*$`, nil},
		"factor":        {"a factor such as 10x or 0.5x", []string{"number", "string"}, "^" + floatPattern + "[xX]?$", object{"exclusiveMinimum": 0}},
		"scale":         {"a factor such as 0.1, or a time such as 1s", []string{"number", "string"}, "^(" + floatPattern + "|" + lengthPattern + ")$", object{"exclusiveMinimum": 0, "maximum": 1000}},
		"status":        {"a status from 200 to 599", numbers, "^[2-5][0-9][0-9]$", within(200, 599)},
		"answer":        {"a status such as 200, 5xx, 500..504 or none", numbers, commas(`[1-5][0-9][0-9](\.\.[1-5][0-9][0-9])?|[1-5][xX][xX]|[nN][oO][nN][eE]`), within(100, 599)},
		"state":         {"one of " + strings.ReplaceAll(states, "|", ", "), texts, commas(states), nil},
		"script":        {"statuses, as 200, 200(20s) or 429(retry-after=90s), timeout(DURATION) and reset, with commas between", numbers, commas(`[2-5][0-9][0-9](\( *` + stepPart + `( +` + stepPart + `)? *\))?|reset|timeout\(` + `(` + lengthPattern + `)\)`), within(200, 599)},
		"report":        {"NAME or NAME=FILE: " + formatWords(), texts, commas("(" + strings.Join(render.ReportFormats(), "|") + ")(=[^,]+)?"), nil},
		"header":        {"'Name: value'", texts, "^" + headerName + ":", nil},
		"line":          {"'Name: value'", []string{"object", "string"}, "^" + headerName + ":", oneNamed},
		"fields":        {"a mapping such as {X-Tenant: acme}, or a list of 'Name: value'", []string{"object", "array"}, "", listNamed},
		"field_name":    {"a header name of letters, digits and hyphens", texts, "^" + headerName + "$", nil},
		"provider_name": {"a provider's name, of small letters, digits and single hyphens between", texts, "^[a-z0-9]+(-[a-z0-9]+)*$", nil},
		"endpoint_name": {"an endpoint's name, of letters, digits, dots, underscores and hyphens, with a letter or digit first and last; but not all, nor a number", texts, "^(?!all$|[0-9]+$)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$", object{"maxLength": 100}},
		"target":        {"a URL such as http://localhost:3000, or a port of this machine", numbers, "^[0-9]+(/|$)|^[hH][tT][tT][pP][sS]?://|:[0-9]", within(0, math.MaxUint16)},
	} {
		all[name] = f.schema()
	}
	for _, name := range []string{"word", "glob", "period", "report", "header"} {
		list := maps.Clone(all[name].(object)) // it may be written as its one item
		list["type"] = append(slices.Clone(list["type"].([]string)), "array")
		list["items"], list["description"] = ref(name), list["description"].(string)+"; or a list of such"
		all[name+"s"] = list
	}
	return all
}
