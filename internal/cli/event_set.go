package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/spf13/pflag"
)

// eventSetHelp describes --set and --unset where hookctl makes the event itself.
const eventSetHelp = `--set PATH=VALUE changes the payload: data.items[0].id=5. VALUE is JSON where it
looks so (a number, true, false, null, "quoted", {…} or […]), else text. What is
not there is added; everything else stays byte for byte. A key with a dot stands
in brackets and quotes: meta["order.id"]. A PATH that begins with policy. is a
rule of the provider instead, as hookctl provider show lists them:
policy.retry=announced, policy.ack.deadline=10s. body:PATH and rule:PATH say
outright which is meant: body:policy.id=5, rule:event.new_id=uuid.`

// What --set can begin with to say outright what it changes.
const (
	bodySetting = "body:"
	ruleSetting = "rule:"
)

// An eventSettings is what --set and --unset say where hookctl makes the event itself: some
// of it changes the payload, some the provider's rules. Where a payload is replayed, or
// signed, the flags mean one of both, and this is not used.
type eventSettings struct {
	set, unset []string
}

// flags adds --set and --unset.
func (s *eventSettings) flags(flags *pflag.FlagSet) {
	flags.StringArrayVar(&s.set, "set", nil, "change the payload, or a rule of the provider, as `PATH=VALUE`; may be repeated")
	flags.StringArrayVar(&s.unset, "unset", nil, "take what is at `PATH` out of the payload; may be repeated")
}

// split parts the settings: rules are as providerOptions has them, RULE=VALUE; edits are
// for the payload.
func (s *eventSettings) split() (rules []string, edits []bodyEdit, err error) {
	var ofBody []string
	for _, assignment := range s.set {
		path, _, _ := strings.Cut(assignment, "=")
		if rule, ok := strings.CutPrefix(assignment, ruleSetting); ok {
			rules = append(rules, rule)
		} else if payload, ok := strings.CutPrefix(assignment, bodySetting); ok {
			ofBody = append(ofBody, payload)
		} else if path == "policy" || strings.HasPrefix(path, "policy.") {
			rules = append(rules, assignment)
		} else {
			ofBody = append(ofBody, assignment)
		}
	}
	edits, err = parseBodyEdits(ofBody, s.unset)
	return rules, edits, err
}

// A bodyEdit is one change of a payload.
type bodyEdit struct {
	flag string // for errors: --set data.id=5
	text string // of the path
	path jsontext.Path
	// value is JSON; nil takes out what is there.
	value []byte
}

// parseBodyEdits reads --set PATH=VALUE and --unset PATH that are all for the payload.
// What is unset goes first, so that something else can be set in its place.
func parseBodyEdits(set, unset []string) ([]bodyEdit, error) {
	var edits []bodyEdit
	for _, text := range unset {
		edit, err := newBodyEdit("--unset "+text, strings.TrimPrefix(text, bodySetting))
		if err != nil {
			return nil, err
		}
		edits = append(edits, edit)
	}
	for _, assignment := range set {
		text, value, ok := jsontext.CutPath(assignment, "=")
		if !ok {
			return nil, usage("", "--set: want PATH=VALUE, such as data.items[0].id=5, got %q", assignment)
		}
		edit, err := newBodyEdit("--set "+text, text)
		if err != nil {
			return nil, err
		}
		if edit.value, err = typedValue(value); err != nil {
			return nil, usage(`text that begins like JSON stands in quotes: '`+text+`="…"'`, "%s: %w", edit.flag, err)
		}
		edits = append(edits, edit)
	}
	return edits, nil
}

func newBodyEdit(flag, text string) (bodyEdit, error) {
	text = strings.TrimSpace(text)
	path, err := jsontext.ParsePath(text)
	if err != nil {
		return bodyEdit{}, usage("", "%s: %w", flag, err)
	}
	if len(path) == 0 {
		return bodyEdit{}, usage("", "%s: the path is missing, such as data.items[0].id", strings.TrimSpace(flag))
	}
	return bodyEdit{flag: flag, text: text, path: path}, nil
}

// typedValue is what a value of the command line says, as JSON: itself where it is JSON,
// else text. What only begins like JSON is likelier a slip than meant as text.
func typedValue(text string) ([]byte, error) {
	if json.Valid([]byte(text)) {
		return bytes.TrimSpace([]byte(text)), nil
	}
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") || strings.HasPrefix(text, `"`) {
		var value any
		return nil, fmt.Errorf("the value is not JSON: %w", json.Unmarshal([]byte(text), &value))
	}
	return jsontext.Marshal(text)
}

// editBody makes the changes in a payload, whose other bytes stay as they are.
func editBody(body []byte, edits []bodyEdit) ([]byte, error) {
	if len(edits) > 0 && !json.Valid(body) {
		return nil, usage("without it the body is sent as it is", "%s: the body is not JSON", edits[0].flag)
	}
	for i := range edits {
		var err error
		if body, err = edits[i].apply(body); err != nil {
			return nil, err
		}
	}
	return body, nil
}

func (e *bodyEdit) apply(body []byte) ([]byte, error) {
	if e.value == nil {
		changed, found := jsontext.Unset(body, e.path)
		if !found {
			return nil, e.nothingThere(body)
		}
		return changed, nil
	}
	for depth := range e.path { // what is on the way must be what the path takes it for
		holder, ok := jsontext.Lookup(body, e.path[:depth])
		if !ok {
			break
		}
		if err := e.fits(holder, depth); err != nil {
			return nil, err
		}
		if items, ok := jsontext.Items(holder); ok && depth == len(e.path)-1 && e.path[depth].Index == len(items) {
			return e.append(body, holder, len(items))
		}
	}
	changed, err := jsontext.Set(body, e.path, e.value)
	if err != nil {
		return nil, usage("", "%s: %w", e.flag, err)
	}
	return changed, nil
}

// fits refuses a key of what is no object, and an item of what is no array or is shorter.
func (e *bodyEdit) fits(holder []byte, depth int) error {
	step := e.path[depth]
	if step.Key != "" {
		if holder[0] != '{' {
			return usage("", "%s: %s, not an object", e.flag, whatIsAt(e.path[:depth], holder))
		}
		return nil
	}
	items, ok := jsontext.Items(holder)
	if !ok {
		return usage("", "%s: %s, not an array", e.flag, whatIsAt(e.path[:depth], holder))
	}
	if step.Index > len(items) || step.Index == len(items) && depth < len(e.path)-1 {
		return usage("", "%s: %s", e.flag, whatIsAt(e.path[:depth], holder))
	}
	return nil
}

// append adds an item at the end of an array of count items.
func (e *bodyEdit) append(body, array []byte, count int) ([]byte, error) {
	value := e.value
	if count > 0 {
		value = slices.Concat([]byte{','}, value)
	}
	end := len(array) - 1
	for count > 0 && strings.IndexByte(" \t\r\n", array[end-1]) >= 0 {
		end-- // the bracket keeps its line
	}
	changed, err := jsontext.Set(body, e.path[:len(e.path)-1], slices.Concat(array[:end], value, array[end:]))
	if err != nil {
		return nil, usage("", "%s: %w", e.flag, err)
	}
	return changed, nil
}

// nothingThere is the failure of a path that leads nowhere, with how far it leads.
func (e *bodyEdit) nothingThere(body []byte) error {
	depth := len(e.path) - 1
	holder, ok := jsontext.Lookup(body, e.path[:depth])
	for ; !ok; holder, ok = jsontext.Lookup(body, e.path[:depth]) {
		depth--
	}
	return usage("", "%s: nothing is there: %s", e.flag, whatIsAt(e.path[:depth], holder))
}

// maxToldKeys is how many keys of an object are told.
const maxToldKeys = 8

// whatIsAt says in words what a payload has at path.
func whatIsAt(path jsontext.Path, value []byte) string {
	where := "the body"
	if len(path) > 0 {
		where = path.String()
	}
	switch value[0] {
	case '{':
		var keys []string
		for key := range jsontext.MembersOf(value).Keys() {
			if len(keys) == maxToldKeys {
				keys = append(keys, "…")
				break
			}
			keys = append(keys, string(key))
		}
		if len(keys) == 0 {
			return where + " is an empty object"
		}
		return where + " is an object with " + strings.Join(keys, ", ")
	case '[':
		items, _ := jsontext.Items(value)
		if len(items) == 1 {
			return where + " is an array of 1 item"
		}
		return fmt.Sprintf("%s is an array of %d items", where, len(items))
	case '"':
		return where + " is a string"
	case 't', 'f':
		return where + " is " + string(value)
	case 'n':
		return where + " is null"
	}
	return where + " is a number"
}
