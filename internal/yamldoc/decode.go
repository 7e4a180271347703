package yamldoc

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
	"github.com/hookctl/hookctl/internal/suggest"
)

// Decode reads the whole document into the struct that to points to, once. Errors
// are *Error.
//
// A field's key is its tag, `yaml:"name"`; fields without one are not for files.
// Values are strings, whole numbers, truth values, types with UnmarshalText, and
// structs, pointers, lists and maps of these. Beyond what one expects:
//
//   - a list may be written as its one item;
//   - a mapping may be read, in its order, into a list of structs: the field tagged
//     `yaml:",key"` takes the key, and the value is read into the one tagged
//     `yaml:",value"`, or, where there is none, into the struct itself.
func (d *Document) Decode(to any) error {
	value := reflect.ValueOf(to).Elem()
	if d.root == nil {
		return nil
	}
	root := d.root
	d.root = nil // what the parser made is many times as large as what is read from it
	return d.decode(root, value, "")
}

// ParseValue reads a single YAML value, such as "10s" or "[200, 204]". file is what
// errors call its origin.
func ParseValue(file, text string) (Node, error) {
	const key = "value"
	d, err := Parse(file, []byte(key+": "+text+"\n"))
	if err != nil || d.root == nil || len(d.root.Values) != 1 {
		return Node{}, &Error{File: file, What: fmt.Sprintf("want one YAML value, such as 10s or [200, 204], got %q", text)}
	}
	return Node{&Document{file: file, places: map[string]place{}, placeless: true}, d.root.Values[0].Value}, nil
}

// Set gives the value at path in the struct that to points to a new value, and
// returns what that consists of. Errors are *Error in the document of the value.
func Set(to any, path string, value Node) ([]Leaf, error) {
	at, rest := reflect.ValueOf(to).Elem(), path
	for {
		next, below, names := member(at, rest)
		if !next.IsValid() {
			key, _, _ := strings.Cut(rest, ".")
			return nil, value.Errorf("there is no %q in the rule %q%s", key, path, near(key, names))
		}
		if at = next; below == "" {
			break
		}
		rest = below[1:]
	}
	at.SetZero()
	again := value.doc.again()
	err := again.decode(value.node, at, path)
	return again.leaves, err
}

// Meant is path as it was probably meant, where to has no such rule and one of its keys is
// written much like one that there is; else "".
func Meant(to any, path string) string {
	at, done, rest := reflect.ValueOf(to).Elem(), "", path
	for {
		next, below, names := member(at, rest)
		if !next.IsValid() {
			key, after, more := strings.Cut(rest, ".")
			found := suggest.Nearest(key, names)
			if found == "" {
				return ""
			}
			if more {
				after = "." + after
			}
			return done + found + after
		}
		if at = next; below == "" {
			return ""
		}
		done, rest = path[:len(path)-len(below)+1], below[1:]
	}
}

// again is for reading nodes of d once more. What is noted on the way is its own, so that
// several may read at once.
func (d *Document) again() *Document {
	return &Document{file: d.file, places: map[string]place{}, placeless: d.placeless}
}

// member returns what a value has under the key that path begins with, made where it
// is a nil pointer, and what is left of path after the key; else the keys that it has.
func member(value reflect.Value, path string) (reflect.Value, string, []string) {
	for value.Kind() == reflect.Pointer {
		if value.IsNil() {
			value.Set(reflect.New(value.Type().Elem()))
		}
		value = value.Elem()
	}
	switch value.Kind() {
	case reflect.Struct:
		key, _, _ := strings.Cut(path, ".")
		return fieldOf(value, key), path[len(key):], fieldNames(value.Type())
	case reflect.Slice:
		return itemOf(value, path)
	}
	return reflect.Value{}, "", nil
}

// itemOf is member for a list: its keys are numbers, or, where a mapping was read into
// it, those of the mapping, which may have dots.
func itemOf(list reflect.Value, path string) (found reflect.Value, below string, names []string) {
	k, v := keyedFields(list.Type().Elem())
	length := -1
	for i := range list.Len() {
		item := list.Index(i)
		name := strconv.Itoa(i)
		if k >= 0 {
			name = fmt.Sprint(item.Field(k).Interface())
		}
		names = append(names, name)
		if rest, ok := strings.CutPrefix(path, name); !ok || rest != "" && rest[0] != '.' || len(name) <= length {
			continue
		}
		length = len(name)
		if found, below = item, path[length:]; v >= 0 {
			found = item.Field(v)
		}
	}
	return found, below, names
}

func (d *Document) decode(node ast.Node, to reflect.Value, path string) error {
	d.note(node, path)
	if to.Type() == reflect.TypeFor[Node]() {
		to.Set(reflect.ValueOf(Node{d, node}))
		return nil
	}
	if to.Kind() == reflect.Pointer {
		to.Set(reflect.New(to.Type().Elem()))
		to = to.Elem()
	}
	if _, ok := to.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return d.decodeScalar(node, to, path)
	}
	switch to.Kind() {
	case reflect.Struct:
		return d.decodeStruct(node, to, path)
	case reflect.Slice:
		return d.decodeSlice(node, to, path)
	case reflect.Map:
		return d.decodeMap(node, to, path)
	}
	return d.decodeScalar(node, to, path)
}

// note remembers where path is.
func (d *Document) note(node ast.Node, path string) {
	if node != nil && !d.Has(path) {
		d.places[path] = placeOf(node)
	}
}

func (d *Document) decodeStruct(node ast.Node, to reflect.Value, path string) error {
	entries, ok := mapping(node)
	if !ok {
		return d.want(node, path, "a mapping")
	}
	for _, entry := range entries {
		key := entry.Key.GetToken()
		field := fieldOf(to, key.Value)
		if !field.IsValid() {
			return d.at(placeAt(key), "unknown key %q%s%s", key.Value, under(path), near(key.Value, fieldNames(to.Type())))
		}
		at := join(path, key.Value)
		d.places[at] = placeAt(key)
		if err := d.decode(entry.Value, field, at); err != nil {
			return err
		}
	}
	return nil
}

func (d *Document) decodeSlice(node ast.Node, to reflect.Value, path string) error {
	key, value := -1, -1
	if to.Type().Elem().Kind() == reflect.Struct {
		key, value = keyedFields(to.Type().Elem())
	}
	if key >= 0 {
		entries, ok := mapping(node)
		if !ok {
			return d.want(node, path, "a mapping")
		}
		return d.decodeKeyed(entries, to, path, key, value)
	}
	items := []ast.Node{node}
	if list, ok := node.(*ast.SequenceNode); ok {
		items = list.Values
	} else if _, null := node.(*ast.NullNode); null {
		return d.want(node, path, "a list")
	}
	list := reflect.MakeSlice(to.Type(), len(items), len(items))
	var texts []string
	for i, item := range items {
		if _, isMap := mapping(item); isMap && !single(to.Type().Elem()) {
			at := join(path, strconv.Itoa(i))
			d.places[at] = placeOf(item)
			if err := d.decode(item, list.Index(i), at); err != nil {
				return err
			}
			continue
		}
		if err := d.decode(item, list.Index(i), path); err != nil {
			return err
		}
		if n := len(d.leaves); n > 0 && d.leaves[n-1].Path == path { // the item's own, which the list's replaces
			texts = append(texts, d.leaves[n-1].Value)
			d.leaves = d.leaves[:n-1]
		}
	}
	if len(texts) > 0 || len(items) == 0 {
		d.leaf(path, strings.Join(texts, ", "))
	}
	to.Set(list)
	return nil
}

// single reports whether values of a type are written as one word.
func single(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Int:
		return true
	}
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// decodeKeyed reads a mapping into a list of structs.
func (d *Document) decodeKeyed(entries []*ast.MappingValueNode, to reflect.Value, path string, key, value int) error {
	list := reflect.MakeSlice(to.Type(), len(entries), len(entries))
	for i, entry := range entries {
		name := entry.Key.GetToken()
		at := join(path, name.Value)
		d.places[at] = placeAt(name)
		item := list.Index(i)
		if err := d.setText(placeAt(name), item.Field(key), name.Value, at); err != nil {
			return err
		}
		if value >= 0 {
			item = item.Field(value)
		}
		if err := d.decode(entry.Value, item, at); err != nil {
			return err
		}
	}
	to.Set(list)
	return nil
}

func (d *Document) decodeMap(node ast.Node, to reflect.Value, path string) error {
	entries, ok := mapping(node)
	if !ok {
		return d.want(node, path, "a mapping")
	}
	to.Set(reflect.MakeMap(to.Type()))
	for _, entry := range entries {
		key := entry.Key.GetToken()
		at := join(path, key.Value)
		d.places[at] = placeAt(key)
		value := reflect.New(to.Type().Elem()).Elem()
		if err := d.decode(entry.Value, value, at); err != nil {
			return err
		}
		to.SetMapIndex(reflect.ValueOf(key.Value), value)
	}
	return nil
}

func (d *Document) decodeScalar(node ast.Node, to reflect.Value, path string) error {
	text, ok := scalar(node)
	if !ok {
		return d.want(node, path, "one value")
	}
	d.leaf(path, text)
	return d.setText(placeOf(node), to, text, path)
}

// setText gives a value of a simple kind what text says.
func (d *Document) setText(at place, to reflect.Value, text, path string) error {
	if own, ok := to.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if err := own.UnmarshalText([]byte(text)); err != nil {
			return d.at(at, "%s: %v", last(path), err)
		}
		return nil
	}
	switch to.Kind() {
	case reflect.String:
		to.SetString(text)
	case reflect.Bool:
		if text != "true" && text != "false" {
			return d.at(at, "%s: want true or false, got %q", last(path), text)
		}
		to.SetBool(text == "true")
	case reflect.Int:
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return d.at(at, "%s: want a whole number, got %q", last(path), text)
		}
		to.SetInt(n)
	default:
		panic("yamldoc: a file cannot fill a " + to.Type().String())
	}
	return nil
}

func (d *Document) leaf(path, value string) { d.leaves = append(d.leaves, Leaf{path, value}) }

func (d *Document) want(node ast.Node, path, what string) error {
	at := d.places[path]
	if own := placeOf(node); own != (place{}) {
		at = own
	}
	if path == "" {
		return d.at(at, "want %s, got %s", what, describe(node))
	}
	return d.at(at, "%s: want %s, got %s", last(path), what, describe(node))
}

// placeOf is where a node begins, for an error.
func placeOf(node ast.Node) place {
	if node == nil {
		return place{}
	}
	if m, ok := node.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return placeAt(m.Values[0].Key.GetToken()) // its own token is the first colon
	}
	if m, ok := node.(*ast.MappingValueNode); ok {
		return placeAt(m.Key.GetToken())
	}
	return placeAt(node.GetToken())
}

// mapping returns the entries of node, if it is a mapping.
func mapping(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch m := node.(type) {
	case *ast.MappingNode:
		return m.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}, true
	}
	return nil, false
}

// scalar returns the text of a single value as it was written, quotes undone.
func scalar(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	case *ast.MappingValueNode:
		return torn(n)
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) == 1 {
			return torn(n.Values[0])
		}
	}
	return "", false
}

// torn returns the one word that the parser has taken for a key and its value: env:A
// in {secret: [env:A, env:B]}. A colon parts the two only with a space behind it.
func torn(pair *ast.MappingValueNode) (string, bool) {
	colon, after := pair.GetToken(), pair.Value.GetToken()
	if colon == nil || after == nil || colon.Position.Line != after.Position.Line || colon.Position.Column+1 != after.Position.Column {
		return "", false
	}
	for _, t := range []*token.Token{pair.Key.GetToken(), after} {
		if t.Indicator == token.QuotedScalarIndicator {
			return "", false
		}
	}
	value, ok := scalar(pair.Value)
	return pair.Key.GetToken().Value + ":" + value, ok
}

// keyOf is the tag of a field.
func keyOf(f reflect.StructField) string { return f.Tag.Get("yaml") }

// keyedFields returns the indexes of the fields of a struct that take the key and
// the value of a mapping's entry, -1 where there is none.
func keyedFields(t reflect.Type) (key, value int) {
	key, value = -1, -1
	if t.Kind() != reflect.Struct {
		return key, value
	}
	for i := range t.NumField() {
		switch keyOf(t.Field(i)) {
		case ",key":
			key = i
		case ",value":
			value = i
		}
	}
	return key, value
}

func fieldOf(to reflect.Value, key string) reflect.Value {
	for i := range to.NumField() {
		if name := keyOf(to.Type().Field(i)); name == key && name != "" && name[0] != ',' {
			return to.Field(i)
		}
	}
	return reflect.Value{}
}

func fieldNames(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		if name := keyOf(t.Field(i)); name != "" && name[0] != ',' {
			names = append(names, name)
		}
	}
	return names
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// last is the last part of a path: what an error calls its place, which has line
// and column besides.
func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

func under(path string) string {
	if path == "" {
		return ""
	}
	return " under " + path
}

// near suggests one of names for a mistyped word, or lists them all.
func near(word string, names []string) string {
	if name := suggest.Nearest(word, names); name != "" {
		return fmt.Sprintf(", did you mean %q?", name)
	}
	if len(names) == 0 {
		return ""
	}
	return "; known here: " + strings.Join(names, ", ")
}
