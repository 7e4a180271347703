package importer

import "github.com/hookctl/hookctl/internal/jsontext"

// maxExamples is how many examples an event may have.
const maxExamples = 100

// exampleFiles are the examples of an event, those beside its schema and those in it; none
// without names for them.
func (r *reader) exampleFiles(raw *rawEvent, body *jsontext.Object, taken fileNames) []File {
	if taken == nil {
		return nil
	}
	all := append(raw.examples, r.inner(raw)...)
	if len(all) > maxExamples {
		r.warnings.add("%s has more than %d examples: the others are left out", raw.name, maxExamples)
		all = all[:maxExamples]
	}
	var made []File
	for i, one := range all {
		value := unwrapped(one.value, body)
		text := jsontext.Indented(value)
		double := false
		for _, other := range all[:i] {
			double = double || equal(unwrapped(other.value, body), value)
		}
		if double {
			continue
		}
		name := raw.file
		if one.name != "" && folded(one.name) != folded(raw.name) && one.name != "default" {
			name += "." + safeText(one.name, "example")
		}
		made = append(made, File{r.inVersion("examples/" + taken.take(name, "event") + ".json"), text})
	}
	return made
}

// inner are the examples in the schema of an event.
func (r *reader) inner(raw *rawEvent) []example {
	if raw.schema == nil {
		return nil
	}
	o, _, err := r.lib.follow(*raw.schema)
	if err != nil {
		return nil
	}
	with := &jsontext.Object{}
	if o.Has("examples") {
		with.Set("examples", o.Get("examples"))
	}
	examples(&jsontext.Object{}, with)
	all := []example{}
	for _, value := range with.List("examples") {
		all = append(all, example{"", value})
	}
	if o.Has("example") {
		all = append(all, example{"", o.Get("example")})
	}
	return all
}

// unwrapped is the value of an example that is written as JSON in a text.
func unwrapped(value any, body *jsontext.Object) any {
	text, ok := value.(string)
	if !ok || body.Text("type") == "string" || !looksLikeJSON([]byte(text)) {
		return value
	}
	values, _, err := parse([]byte(text))
	if err != nil || len(values) != 1 {
		return value
	}
	return values[0]
}
