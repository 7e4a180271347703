package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
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
	root, ok := doc.root().(*object)
	version := root.text("asyncapi")
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	if !ok || major != "2" && major != "3" {
		return fmt.Errorf("%s: want AsyncAPI 2 or 3, got %q", doc.name, version)
	}
	r.format = "asyncapi " + major + "." + minor
	r.title = root.object("info").text("title")
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
func (r *reader) messages2(top place, root *object) map[Action][]messageRef {
	found := map[Action][]messageRef{}
	for _, name := range keysOf(root.object("channels")) {
		channel, at, err := r.lib.follow(top.below("channels").below(name))
		if err != nil {
			r.warnings.add("the channel %q is left out: %v", name, err)
			continue
		}
		if channel.object("subscribe").has("message") {
			found[Send] = append(found[Send], r.alternatives(at.below("subscribe").below("message"), name)...)
		}
		if channel.object("publish").has("message") {
			found[Receive] = append(found[Receive], r.alternatives(at.below("publish").below("message"), name)...)
		}
	}
	return found
}

// alternatives are the messages that a message is one of, else itself.
func (r *reader) alternatives(at place, channel string) []messageRef {
	o, inside, err := r.lib.follow(at)
	if err != nil || o.list("oneOf") == nil || o.has("payload") {
		return []messageRef{{at, channel}}
	}
	var all []messageRef
	for i := range o.list("oneOf") {
		all = append(all, messageRef{inside.below("oneOf").item(i), channel})
	}
	return all
}

// messages3 are the messages of AsyncAPI 3 by action.
func (r *reader) messages3(top place, root *object) map[Action][]messageRef {
	found := map[Action][]messageRef{}
	for _, name := range keysOf(root.object("operations")) {
		operation, at, err := r.lib.follow(top.below("operations").below(name))
		if err != nil {
			r.warnings.add("the operation %q is left out: %v", name, err)
			continue
		}
		action := Action(operation.text("action"))
		channel, channelAt, err := r.lib.follow(at.below("channel"))
		if err != nil {
			r.warnings.add("the operation %q is left out: its channel: %v", name, err)
			continue
		}
		if operation.has("messages") {
			for i := range operation.list("messages") {
				found[action] = append(found[action], messageRef{at.below("messages").item(i), channelAt.last()})
			}
			continue
		}
		found[action] = append(found[action], channelMessages(channel, channelAt)...)
	}
	return found
}

func channelMessages(channel *object, at place) []messageRef {
	var all []messageRef
	for _, key := range keysOf(channel.object("messages")) {
		all = append(all, messageRef{at.below("messages").below(key), at.last()})
	}
	return all
}

// allMessages are those of all channels, or, where there are none, of the components.
func (r *reader) allMessages(top place, root *object, channels bool) []messageRef {
	var all []messageRef
	if channels {
		for _, name := range keysOf(root.object("channels")) {
			if channel, at, err := r.lib.follow(top.below("channels").below(name)); err == nil {
				all = append(all, channelMessages(channel, at)...)
			}
		}
	}
	if len(all) == 0 {
		for _, key := range keysOf(root.object("components").object("messages")) {
			all = append(all, messageRef{top.below("components").below("messages").below(key), ""})
		}
	}
	return all
}

func keysOf(o *object) []string {
	if o == nil {
		return nil
	}
	return o.keys
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
		name: cmp.Or(o.text("name"), o.text("messageId"), key, m.channel), at: at, origin: at.doc.name, deprecated: o.truth("deprecated"),
		about: sentence(o.text("summary"), o.text("title"), o.text("description")), words: words(o),
	}
	if slices.ContainsFunc(r.events, func(e rawEvent) bool { return e.name == event.name }) && m.channel != "" && m.channel != event.name {
		event.name = m.channel + "." + event.name
	}
	if tags := o.list("tags"); len(tags) > 0 {
		tag, _ := tags[0].(*object)
		event.group = tag.text("name")
	}
	event.headers = r.headerSchema(at.below("headers"), o)
	r.payload(&event, o, at)
	for _, one := range o.list("examples") {
		if shown, ok := one.(*object); ok && shown.has("payload") {
			event.examples = append(event.examples, example{shown.text("name"), shown.get("payload")})
		}
	}
	r.events = append(r.events, event)
}

// payload finds the schema of a message's payload.
func (r *reader) payload(event *rawEvent, o *object, at place) {
	if !o.has("payload") {
		return
	}
	format := o.text("schemaFormat")
	schema := at.below("payload")
	if inner, innerAt, err := r.lib.follow(schema); err == nil && inner.has("schemaFormat") && inner.has("schema") {
		format, schema = inner.text("schemaFormat"), innerAt.below("schema")
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
func (r *reader) withTraits(o *object, at place) *object {
	traits := o.list("traits")
	if len(traits) == 0 {
		return o
	}
	out := newObject()
	for _, key := range o.keys {
		out.set(key, o.values[key])
	}
	for i := range traits {
		trait, _, err := r.lib.follow(at.below("traits").item(i))
		if err != nil {
			r.warnings.add("a trait of %s is left out: %v", at.last(), err)
			continue
		}
		for _, key := range trait.keys {
			if !out.has(key) && key != "headers" { // their references would count from elsewhere
				out.set(key, trait.values[key])
			}
		}
	}
	return out
}

// headerSchema are the header fields that a schema of headers describes.
func (r *reader) headerSchema(at place, o *object) []header {
	if !o.has("headers") {
		return nil
	}
	schema, schemaAt, err := r.lib.follow(at)
	if err != nil {
		return nil
	}
	var found []header
	for _, name := range keysOf(schema.object("properties")) {
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
