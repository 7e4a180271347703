package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// An Action is what the application that an AsyncAPI document describes does with messages.
type Action string

// The actions. In AsyncAPI 2 what is sent stands under subscribe, which is what its
// clients do, and what is received under publish.
const (
	Send    Action = "send"
	Receive Action = "receive"
)

// Actions are all of them.
func Actions() []Action { return []Action{Send, Receive} }

// asyncAPI takes the messages of an AsyncAPI document that the application it describes
// sends: such a one is the sender of webhooks. Where it tells of no operations at all, it
// takes all messages.
func (r *reader) asyncAPI(doc *document) error {
	root, ok := doc.root().(*jsontext.Object)
	version := root.Text("asyncapi")
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	if !ok || major != "2" && major != "3" {
		return fmt.Errorf("%s: want AsyncAPI 2 or 3, got %q", doc.name, version)
	}
	r.format = "asyncapi " + major + "." + minor
	r.title = root.Object("info").Text("title")
	r.draft = draft7
	byAction := r.messages2
	if major == "3" {
		byAction = r.messages3
	}
	messages := byAction(place{doc: doc}, root)
	action := r.options.Action
	if action == "" {
		action = Send
	}
	wanted := messages[action]
	if len(wanted) == 0 {
		for _, other := range Actions() {
			if n := len(messages[other]); n > 0 {
				return fmt.Errorf("%s: the application it describes does not %s any message, but %ss %d: --action %s takes these", doc.name, action, other, n, other)
			}
		}
		wanted = r.allMessages(place{doc: doc}, root, major == "3")
	}
	for _, m := range wanted {
		r.message(m)
	}
	if len(wanted) == 0 {
		return fmt.Errorf("%s: it has no messages: looked for operations, channels and components.messages", doc.name)
	}
	return nil
}

// A messageRef is where a message is, with the name of its channel.
type messageRef struct {
	at      place
	channel string
}

// messages2 are the messages of AsyncAPI 2 by action.
func (r *reader) messages2(top place, root *jsontext.Object) map[Action][]messageRef {
	found := map[Action][]messageRef{}
	for _, name := range root.Object("channels").Keys() {
		channel, at, err := r.lib.follow(top.below("channels").below(name))
		if err != nil {
			r.warnings.add("the channel %q is left out: %v", name, err)
			continue
		}
		if channel.Object("subscribe").Has("message") {
			found[Send] = append(found[Send], r.alternatives(at.below("subscribe").below("message"), name)...)
		}
		if channel.Object("publish").Has("message") {
			found[Receive] = append(found[Receive], r.alternatives(at.below("publish").below("message"), name)...)
		}
	}
	return found
}

// alternatives are the messages that a message is one of, else itself.
func (r *reader) alternatives(at place, channel string) []messageRef {
	o, inside, err := r.lib.follow(at)
	if err != nil || o.List("oneOf") == nil || o.Has("payload") {
		return []messageRef{{at, channel}}
	}
	var all []messageRef
	for i := range o.List("oneOf") {
		all = append(all, messageRef{inside.below("oneOf").item(i), channel})
	}
	return all
}

// messages3 are the messages of AsyncAPI 3 by action.
func (r *reader) messages3(top place, root *jsontext.Object) map[Action][]messageRef {
	found := map[Action][]messageRef{}
	for _, name := range root.Object("operations").Keys() {
		operation, at, err := r.lib.follow(top.below("operations").below(name))
		if err != nil {
			r.warnings.add("the operation %q is left out: %v", name, err)
			continue
		}
		action := Action(operation.Text("action"))
		channel, channelAt, err := r.lib.follow(at.below("channel"))
		if err != nil {
			r.warnings.add("the operation %q is left out: its channel: %v", name, err)
			continue
		}
		if operation.Has("messages") {
			for i := range operation.List("messages") {
				found[action] = append(found[action], messageRef{at.below("messages").item(i), channelAt.last()})
			}
			continue
		}
		found[action] = append(found[action], channelMessages(channel, channelAt)...)
	}
	return found
}

func channelMessages(channel *jsontext.Object, at place) []messageRef {
	var all []messageRef
	for _, key := range channel.Object("messages").Keys() {
		all = append(all, messageRef{at.below("messages").below(key), at.last()})
	}
	return all
}

// allMessages are those of all channels, or, where there are none, of the components.
func (r *reader) allMessages(top place, root *jsontext.Object, channels bool) []messageRef {
	var all []messageRef
	if channels {
		for _, name := range root.Object("channels").Keys() {
			if channel, at, err := r.lib.follow(top.below("channels").below(name)); err == nil {
				all = append(all, channelMessages(channel, at)...)
			}
		}
	}
	if len(all) == 0 {
		for _, key := range root.Object("components").Object("messages").Keys() {
			all = append(all, messageRef{top.below("components").below("messages").below(key), ""})
		}
	}
	return all
}

// message takes the event that a message is.
func (r *reader) message(m messageRef) {
	if len(r.events) > maxEvents {
		return // which is an error
	}
	o, at, err := r.lib.follow(m.at)
	if err != nil {
		r.events = append(r.events, rawEvent{name: cmp.Or(m.at.last(), m.channel), fault: err, origin: m.at.doc.name})
		return
	}
	if slices.ContainsFunc(r.events, func(e rawEvent) bool { return e.at == at }) {
		return // of several channels
	}
	o = r.withTraits(o, at)
	key := at.last()
	if key == "message" || strings.HasSuffix(at.pointer, "/oneOf/"+key) {
		key = m.channel // it has no name of its own there
	}
	event := rawEvent{
		name: cmp.Or(o.Text("name"), o.Text("messageId"), key, m.channel), at: at, origin: at.doc.name, deprecated: o.Truth("deprecated"),
		about: sentence(o.Text("summary"), o.Text("title"), o.Text("description")), words: words(o),
	}
	if slices.ContainsFunc(r.events, func(e rawEvent) bool { return e.name == event.name }) && m.channel != "" && m.channel != event.name {
		event.name = m.channel + "." + event.name
	}
	if tags := o.List("tags"); len(tags) > 0 {
		tag, _ := tags[0].(*jsontext.Object)
		event.group = tag.Text("name")
	}
	event.headers = r.headerSchema(at.below("headers"), o)
	r.payload(&event, o, at)
	for _, one := range o.List("examples") {
		if shown, ok := one.(*jsontext.Object); ok && shown.Has("payload") {
			event.examples = append(event.examples, example{shown.Text("name"), shown.Get("payload")})
		}
	}
	r.events = append(r.events, event)
}

// payload finds the schema of a message's payload.
func (r *reader) payload(event *rawEvent, o *jsontext.Object, at place) {
	if !o.Has("payload") {
		return
	}
	format := o.Text("schemaFormat")
	schema := at.below("payload")
	if inner, innerAt, err := r.lib.follow(schema); err == nil && inner.Has("schemaFormat") && inner.Has("schema") {
		format, schema = inner.Text("schemaFormat"), innerAt.below("schema")
	}
	if !isJSONSchemaFormat(format) {
		event.fault = fmt.Errorf("its payload is described in %s, which is not JSON Schema", format)
		return
	}
	event.schema = &schema
}

func isJSONSchemaFormat(format string) bool {
	format = strings.ToLower(format)
	return format == "" || strings.Contains(format, "schema+") || strings.Contains(format, "asyncapi") || strings.Contains(format, "openapi")
}

// withTraits returns a message with what its traits say besides.
func (r *reader) withTraits(o *jsontext.Object, at place) *jsontext.Object {
	traits := o.List("traits")
	if len(traits) == 0 {
		return o
	}
	out := &jsontext.Object{}
	for key, value := range o.All() {
		out.Set(key, value)
	}
	for i := range traits {
		trait, _, err := r.lib.follow(at.below("traits").item(i))
		if err != nil {
			r.warnings.add("a trait of %s is left out: %v", at.last(), err)
			continue
		}
		for key, value := range trait.All() {
			if !out.Has(key) && key != "headers" { // their references would count from elsewhere
				out.Set(key, value)
			}
		}
	}
	return out
}

// headerSchema are the header fields that a schema of headers describes.
func (r *reader) headerSchema(at place, o *jsontext.Object) []header {
	if !o.Has("headers") {
		return nil
	}
	schema, schemaAt, err := r.lib.follow(at)
	if err != nil {
		return nil
	}
	var found []header
	for _, name := range schema.Object("properties").Keys() {
		property, _, err := r.lib.follow(schemaAt.below("properties").below(name))
		if err != nil {
			continue
		}
		h := header{name: name}
		if h.value, h.fixed = fixedValue(property); !h.fixed {
			h.value = exampleText(property, nil)
		}
		if h.isField() {
			found = append(found, h)
		}
	}
	return found
}
