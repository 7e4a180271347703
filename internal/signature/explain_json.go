package signature

import (
	"hash/maphash"
)

// An encoder is something that writes JSON, and how.
type encoder struct {
	id string
	// as goes on after "the body is re-encoded".
	as string
	// by is whose JSON this is, "" where it is nobody's in particular; fix how to get
	// at the raw body there.
	by, fix string
	style   jsonStyle
}

// How to get at the bytes of a body in one language.
const (
	fixJavaScript = "verify over the raw body: Express express.raw({type: 'application/json'}), Next.js await req.text(), NestJS rawBody: true"
	fixPython     = "verify over the raw body: Flask request.get_data(), FastAPI await request.body(), Django request.body"
	fixPHP        = "verify over the raw body: Laravel $request->getContent(), elsewhere file_get_contents('php://input')"
	fixRuby       = "verify over the raw body: Rails request.raw_post, Rack request.body.read"
	fixGo         = "verify over the raw body: io.ReadAll(r.Body) first, json.Unmarshal of those bytes after"
	fixJava       = "verify over the raw body: Spring @RequestBody byte[] body, and no object in its place"
	fixDotNet     = "verify over the raw body: Request.EnableBuffering() and the bytes of Request.Body"
	fixDatabase   = "keep the body as text or bytes beside the column, and verify over that"
)

// Ways to write strings.
func plainStrings() stringStyle  { return stringStyle{rewrite: true} }
func pythonStrings() stringStyle { return stringStyle{rewrite: true, ascii: true, escaped: "\x7f"} }
func jqStrings() stringStyle     { return stringStyle{rewrite: true, escaped: "\x7f"} }
func asciiStrings() stringStyle  { return stringStyle{rewrite: true, ascii: true} }
func phpStrings() stringStyle    { return stringStyle{rewrite: true, ascii: true, slash: true} }
func htmlStrings() stringStyle   { return stringStyle{rewrite: true, escaped: "<>&", lines: true} }
func gsonStrings() stringStyle   { return stringStyle{rewrite: true, escaped: "<>&='", lines: true} }
func dotNetStrings() stringStyle {
	return stringStyle{rewrite: true, ascii: true, upper: true, escaped: "<>&'+\"`\x7f"}
}

// javaScriptStyle is that of JSON.stringify.
func javaScriptStyle() *jsonStyle {
	return &jsonStyle{colon: ":", comma: ",", strings: plainStrings(), numbers: numbersJavaScript, order: indexFirst, lastCounts: true}
}

// encoders are those that people's frameworks use, the common ones first: where
// two write the same, the first is named.
func encoders() []encoder {
	js := *javaScriptStyle()
	python := jsonStyle{colon: ": ", comma: ", ", strings: pythonStrings(), numbers: numbersPython, lastCounts: true}
	php := jsonStyle{colon: ":", comma: ",", strings: phpStrings(), numbers: numbersPHP, lastCounts: true}
	golang := jsonStyle{colon: ":", comma: ",", strings: htmlStrings(), numbers: numbersJavaScript, order: byKey, lastCounts: true}
	ruby := jsonStyle{colon: ":", comma: ",", strings: plainStrings(), numbers: numbersPython, lastCounts: true}
	dotNet := jsonStyle{colon: ":", comma: ",", strings: dotNetStrings()}
	java := jsonStyle{colon: ":", comma: ",", strings: stringStyle{rewrite: true, upper: true}, numbers: numbersPython, lastCounts: true}
	gson := jsonStyle{colon: ":", comma: ",", strings: gsonStrings(), lastCounts: true}
	sql := jsonStyle{colon: ": ", comma: ", ", strings: plainStrings(), order: byKeyLength, lastCounts: true}

	return []encoder{
		{"compact", "without spaces", "", "", jsonStyle{colon: ":", comma: ","}},
		{"javascript", "as JSON.stringify of JavaScript does", "JSON.stringify", fixJavaScript, js},
		{"python", "as json.dumps of Python does", "json.dumps of Python", fixPython, python},
		{"indent-2", "with an indent of 2 spaces", "", "", jsonStyle{colon: ": ", comma: ",", indent: "  "}},
		{"python-compact", "as json.dumps of Python with separators=(',', ':') does", "json.dumps of Python", fixPython, python.with(func(s *jsonStyle) { s.colon, s.comma = ":", "," })},
		{"php", "as json_encode of PHP does", "json_encode of PHP", fixPHP, php},
		{"go", "as json.Marshal of a map in Go does", "json.Marshal of Go", fixGo, golang},
		{"indent-4", "with an indent of 4 spaces", "", "", jsonStyle{colon: ": ", comma: ",", indent: "    "}},
		{"spaced", "with a space after each colon and comma", "", "", jsonStyle{colon: ": ", comma: ", "}},
		{"html-escaped", "as to_json of Rails and json.Marshal of Go do", "to_json of Rails or json.Marshal of Go", fixRuby, golang.with(func(s *jsonStyle) { s.order, s.numbers = asWritten, numbersAsWritten })},
		{"sorted", "without spaces and with its keys sorted", "", "", jsonStyle{colon: ":", comma: ",", order: byKey, lastCounts: true}},
		{"python-sorted", "as json.dumps of Python with sort_keys=True does", "json.dumps of Python", fixPython, python.with(func(s *jsonStyle) { s.order = byKey })},
		{"dotnet", "as System.Text.Json of .NET does", "System.Text.Json of .NET", fixDotNet, dotNet},
		{"javascript-indent-2", "as JSON.stringify(body, null, 2) of JavaScript does", "JSON.stringify", fixJavaScript, js.with(func(s *jsonStyle) { s.colon, s.indent = ": ", "  " })},
		{"python-utf8", "as json.dumps of Python with ensure_ascii=False does", "json.dumps of Python", fixPython, python.with(func(s *jsonStyle) { s.strings = plainStrings() })},
		{"ruby", "as JSON.generate of Ruby does", "JSON.generate of Ruby", fixRuby, ruby},
		{"php-unescaped", "as json_encode of PHP with JSON_UNESCAPED_UNICODE does", "json_encode of PHP", fixPHP, php.with(func(s *jsonStyle) { s.strings = stringStyle{rewrite: true, slash: true, lines: true} })},
		{"php-unescaped-slashes", "as json_encode of PHP with JSON_UNESCAPED_SLASHES does", "json_encode of PHP", fixPHP, php.with(func(s *jsonStyle) { s.strings = asciiStrings() })},
		{"php-unescaped-both", "as json_encode of PHP with JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE does", "json_encode of PHP", fixPHP, php.with(func(s *jsonStyle) { s.strings = stringStyle{rewrite: true, lines: true} })},
		{"php-array", "as json_encode of PHP does, with empty objects as []", "json_encode of PHP", fixPHP, php.with(func(s *jsonStyle) { s.emptyObject = "[]" })},
		{"php-object", "with {} where there is [] now", "", fixPHP, jsonStyle{colon: ":", comma: ",", emptyArray: "{}"}},
		{"php-pretty", "as json_encode of PHP with JSON_PRETTY_PRINT does", "json_encode of PHP", fixPHP, php.with(func(s *jsonStyle) { s.colon, s.indent = ": ", "    " })},
		{"jq", "as jq does", "jq", "", jsonStyle{colon: ": ", comma: ",", indent: "  ", strings: jqStrings(), lastCounts: true, end: "\n"}},
		{"jq-compact", "as jq -c does", "jq -c", "", jsonStyle{colon: ":", comma: ",", strings: jqStrings(), lastCounts: true, end: "\n"}},
		{"go-unescaped", "as json.Encoder of Go with SetEscapeHTML(false) does", "json.Encoder of Go", fixGo, golang.with(func(s *jsonStyle) { s.strings, s.end = stringStyle{rewrite: true, lines: true}, "\n" })},
		{"go-encoder", "as json.Encoder of Go does", "json.Encoder of Go", fixGo, golang.with(func(s *jsonStyle) { s.end = "\n" })},
		{"jackson", "as Jackson of Java does", "Jackson of Java", fixJava, java},
		{"jackson-pretty", "as Jackson of Java with its pretty printer does", "Jackson of Java", fixJava, java.with(func(s *jsonStyle) { s.colon, s.indent, s.inlineArrays, s.spaceInEmpty = " : ", "  ", true, true })},
		{"gson", "as Gson of Java does", "Gson of Java", fixJava, gson},
		{"gson-doubles", "as Gson of Java does with a map: all numbers have a fraction", "Gson of Java", fixJava, gson.with(func(s *jsonStyle) { s.numbers = numbersGson })},
		{"dotnet-indent", "as System.Text.Json of .NET with WriteIndented does", "System.Text.Json of .NET", fixDotNet, dotNet.with(func(s *jsonStyle) { s.colon, s.indent = ": ", "  " })},
		{"newtonsoft", "as Newtonsoft.Json of .NET does", "Newtonsoft.Json of .NET", fixDotNet, java.with(func(s *jsonStyle) { s.strings = stringStyle{rewrite: true, lines: true} })},
		{"json-tool", "as python -m json.tool does", "python -m json.tool", "", python.with(func(s *jsonStyle) { s.comma, s.indent, s.end = ",", "    ", "\n" })},
		{"indent-tab", "with tabs as its indent", "", "", jsonStyle{colon: ": ", comma: ",", indent: "\t"}},
		{"sql", "as PostgreSQL keeps jsonb, and MySQL keeps JSON", "a jsonb or JSON column of a database", fixDatabase, sql},
		{"slashes-unescaped", "with / where there is \\/ now", "", fixPHP, jsonStyle{keepSpace: true, strings: plainStrings()}},
		{"slashes-escaped", "with \\/ where there is / now", "", fixPHP, jsonStyle{keepSpace: true, strings: stringStyle{rewrite: true, slash: true}}},
		{"ascii", "with \\uXXXX for all that is not ASCII", "", "", jsonStyle{keepSpace: true, strings: asciiStrings()}},
		{"ascii-upper", "with \\uXXXX in capitals for all that is not ASCII", "", "", jsonStyle{keepSpace: true, strings: stringStyle{rewrite: true, ascii: true, upper: true}}},
	}
}

// with is s changed.
func (s jsonStyle) with(change func(*jsonStyle)) jsonStyle {
	change(&s)
	return s
}

// namedJSONForms are the body as known encoders write it.
func namedJSONForms(tree *jsonTree) []bodyForm {
	why, fix := whoWrote(tree)
	var forms []bodyForm
	for _, e := range encoders() {
		forms = append(forms, bodyForm{
			mistake{"body-reencoded-" + e.id, "the body is re-encoded " + e.as, why, fix},
			func() ([]byte, bool) { return tree.write(&e.style) },
		})
	}
	return forms
}

// writtenAnew is why JSON is not what was signed.
const writtenAnew = "your framework, or something before it, parsed the JSON and wrote it again, so these are not the bytes that were signed"

// whoWrote says why a body is not what was signed, by whose JSON the body is now.
func whoWrote(tree *jsonTree) (why, fix string) {
	compact := tree.isWrittenAs(&jsonStyle{colon: ":", comma: ","})
	for _, e := range encoders() {
		if e.by == "" {
			continue
		}
		if !tree.isWrittenAs(&e.style) {
			continue
		}
		if compact && e.id == "javascript" {
			return writtenAnew + ": what is here is compact, as JSON.stringify and most others write it", rawBodyFix
		}
		return writtenAnew + ": what is here is as " + e.by + " writes it", orElse(e.fix, rawBodyFix)
	}
	return writtenAnew, rawBodyFix
}

// moreJSONForms are what encoders can be set to write, beyond those that are named.
func moreJSONForms(tree *jsonTree, m *meter) []bodyForm {
	spaces := []jsonStyle{
		{keepSpace: true}, {colon: ":", comma: ","}, {colon: ": ", comma: ", "}, {colon: ": ", comma: ",", indent: "  "},
		{colon: ": ", comma: ",", indent: "    "}, {colon: ": ", comma: ",", indent: "\t"}, {colon: ": ", comma: ","}, {colon: ":", comma: ", "},
	}
	orders := []jsonStyle{{}, {order: byKey, lastCounts: true}, {lastCounts: true}, {order: indexFirst, lastCounts: true}, {order: byKeyLength, lastCounts: true}}
	var strings, numbers []jsonStyle
	for _, s := range []stringStyle{
		{}, plainStrings(), asciiStrings(), phpStrings(), htmlStrings(), gsonStrings(), dotNetStrings(),
		{rewrite: true, slash: true}, {rewrite: true, ascii: true, upper: true}, {rewrite: true, ascii: true, escaped: "<>&"},
		{rewrite: true, escaped: "<>&'\"", ascii: true, upper: true, slash: true}, {rewrite: true, lines: true}, {rewrite: true, long: true},
	} {
		strings = append(strings, jsonStyle{strings: s})
	}
	for n := numbersAsWritten; n <= numbersGson; n++ {
		numbers = append(numbers, jsonStyle{numbers: n})
	}
	var forms []bodyForm
	orders, strings, numbers = tree.differing(orders, m), tree.differing(strings, m), tree.differing(numbers, m)
	for _, end := range []string{"", "\n"} {
		for _, o := range orders {
			for _, n := range numbers {
				for _, s := range strings {
					for _, space := range spaces {
						space.order, space.lastCounts, space.numbers, space.strings, space.end = o.order, o.lastCounts, n.numbers, s.strings, end
						if space.keepSpace && (space.order != asWritten || space.lastCounts) {
							continue
						}
						forms = append(forms, combinedForm(tree, space))
					}
				}
			}
		}
	}
	return forms
}

// differing are the styles that write the tree in different ways, so that not all
// combinations need be written.
func (t *jsonTree) differing(styles []jsonStyle, m *meter) []jsonStyle {
	seed := maphash.MakeSeed()
	seen := map[uint64]bool{}
	var kept []jsonStyle
	for _, s := range styles {
		if !m.spend(len(t.text)) {
			break
		}
		s.colon, s.comma = ":", ","
		text, ok := t.write(&s)
		if sum := maphash.Bytes(seed, text); ok && !seen[sum] {
			seen[sum] = true
			kept = append(kept, s)
		}
	}
	return kept
}

// combinedForm is the body in a style that is nobody's in particular.
func combinedForm(tree *jsonTree, style jsonStyle) bodyForm {
	said := "the body is re-encoded with " + style.inWords()
	return bodyForm{
		mistake{"body-reencoded", said, writtenAnew, rawBodyFix},
		func() ([]byte, bool) { return tree.write(&style) },
	}
}

// inWords says what is particular about a style.
func (s *jsonStyle) inWords() string {
	words := "its own white space"
	switch {
	case s.indent == "\t":
		words = "tabs as its indent"
	case s.indent != "":
		words = "an indent of spaces"
	case s.keepSpace:
	case s.colon == ":" && s.comma == ",":
		words = "no spaces"
	default:
		words = "spaces between its parts"
	}
	if s.strings.rewrite {
		words += ", other escapes"
	}
	if s.numbers != numbersAsWritten {
		words += ", other numbers"
	}
	if s.order != asWritten {
		words += ", another order of keys"
	} else if s.lastCounts {
		words += ", repeated keys left out"
	}
	if s.end != "" {
		words += ", a new line at its end"
	}
	return words
}
