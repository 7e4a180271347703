package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strconv"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const configSchemaFile = "../../schemas/config.schema.json"

// TestConfigSchemaIsThatOfTheProgram holds schemas/config.schema.json, by which
// editors complete and check hookctl.yaml, against the flags that there are.
func TestConfigSchemaIsThatOfTheProgram(t *testing.T) {
	want := configSchema(t)
	if *update {
		if err := os.WriteFile(configSchemaFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(configSchemaFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("it is not what the program reads: go test ./internal/cli -update writes it anew\n%s", diff)
	}
}

type object = map[string]any

// configSchema describes hookctl.yaml: the global flags, a section for each command
// that has settings, the providers and the endpoints.
func configSchema(t *testing.T) []byte {
	t.Helper()
	schema := section(newRoot(&app{world: &World{}}))
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["$id"] = "https://github.com/hookctl/hookctl/schemas/config.schema.json"
	schema["title"] = "The configuration of hookctl"
	schema["description"] = "hookctl.yaml: global settings at the top, and a section for each command, named like it, with that command's flags. The command line and the environment win over it. Paths are relative to the file."
	schema["properties"].(object)[providersKey] = providersSchema(t)
	schema["properties"].(object)[endpointsKey] = endpointsSchema(t)
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(schema); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// section describes the settings of a command, nil where it has none.
func section(cmd *cobra.Command) object {
	properties := object{}
	for _, sub := range cmd.Commands() {
		if below := section(sub); below != nil {
			below["description"] = "Settings of " + sub.CommandPath() + ": " + sub.Short + "."
			properties[sub.Name()] = below
		}
	}
	ownFlags(cmd).VisitAll(func(f *pflag.Flag) {
		if ownFlag(cmd, f.Name) != nil && !f.Hidden {
			properties[f.Name] = setting(f)
		}
	})
	if len(properties) == 0 {
		return nil
	}
	return object{"type": []string{"object", "null"}, "additionalProperties": false, "properties": properties}
}

// setting describes the value of a flag.
func setting(f *pflag.Flag) object {
	_, usage := pflag.UnquoteUsage(f)
	one := object{}
	switch v := f.Value.(type) {
	case *choice:
		one["enum"] = v.valid
	default:
		switch f.Value.Type() {
		case "bool":
			one["type"] = "boolean"
		case "int", "int64":
			one["type"] = "integer"
		case "uint16":
			one["type"], one["minimum"], one["maximum"] = "integer", 0, 65535
		default:
			one["type"] = []string{"string", "number", "boolean"} // whatever is one word in YAML
		}
	}
	s := one
	if isList(f) {
		s = object{"anyOf": []any{one, object{"type": "array", "items": one}}}
	} else if f.DefValue != "" {
		s["default"] = defaultOf(f)
	}
	s["description"] = usage
	return s
}

func defaultOf(f *pflag.Flag) any {
	if n, err := strconv.Atoi(f.DefValue); err == nil {
		return n
	}
	if f.Value.Type() == "bool" {
		return f.DefValue == "true"
	}
	return f.DefValue
}

// providersSchema describes the section providers by the type that it is read into.
func providersSchema(t *testing.T) object {
	t.Helper()
	word := object{"type": []string{"string", "number", "boolean"}}
	known := object{
		"profile":        about("The name of a bundled profile, or the file or folder of one of your own; the name of the entry where this is left out.", object{"type": "string"}),
		"secret":         about("The secret, or several while they are rotated: env:NAME, file:PATH, or the secret itself.", object{"anyOf": []any{word, object{"type": "array", "items": word}}}),
		"signing_secret": about("The private key, where secret is a public key that verifies: env:NAME or file:PATH.", object{"type": "string"}),
		"url":            about("The address that the provider sends to, which some providers sign.", object{"type": "string"}),
		"api_version":    about("The version of the payloads where a message does not say.", object{"type": []string{"string", "number"}}),
		"catalog":        about("The folder of its event catalog, where that is not the bundled or the imported one.", object{"type": "string"}),
		"set":            about("Rules of the profile that are to be otherwise, by path: policy.ack.deadline: 10s. hookctl provider show lists them.", object{"type": "object"}),
	}
	wantDescribed(t, known, reflect.TypeFor[providerConfig]())
	return object{
		"description":          "The providers that you work with, by name.",
		"type":                 []string{"object", "null"},
		"propertyNames":        object{"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
		"additionalProperties": object{"type": "object", "additionalProperties": false, "properties": known},
	}
}

// about is a schema that says what it is for.
func about(text string, schema object) object {
	schema["description"] = text
	return schema
}

// wantDescribed holds what is described against the keys that the program reads.
func wantDescribed(t *testing.T, described object, read reflect.Type) {
	t.Helper()
	keys := 0
	for i := range read.NumField() {
		if key := read.Field(i).Tag.Get("yaml"); key != "" && key[0] != ',' {
			keys++
			if described[key] == nil {
				t.Errorf("nothing describes %s: of %s", key, read.Name())
			}
		}
	}
	if keys != len(described) {
		t.Errorf("%d keys of %s are described, but there are %d", len(described), read.Name(), keys)
	}
}

// endpointsSchema describes the section endpoints by the type that it is read into.
func endpointsSchema(t *testing.T) object {
	t.Helper()
	word := object{"type": []string{"string", "number", "boolean"}}
	words := object{"anyOf": []any{word, object{"type": "array", "items": word}}}
	known := object{
		"url":      about("Where deliveries go. A user and password in it are sent as Basic authentication, and never shown.", object{"type": []string{"string", "integer"}}),
		"provider": about("The name of the provider whose policy and signature count; that of each event where this is left out.", object{"type": "string"}),
		"events":   about("The event types that it wants, as globs such as order/*; all of them where this is left out.", words),
		"headers": about("What is sent with each delivery: a mapping of names to values, or a list of 'Name: value'.", object{"anyOf": []any{
			object{"type": "object", "additionalProperties": word},
			object{"type": "array", "items": object{"anyOf": []any{
				object{"type": "string", "pattern": ":"},
				object{"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": word},
			}}},
		}}),
		"rate_limit":  about("How many attempts begin at most in a second, minute or hour: 5/s, 100/m, 1000/h.", object{"type": "string", "pattern": "^ *[0-9]+ */ *[smh] *$"}),
		"concurrency": about("How many attempts are under way at once, 1 where this is left out. More do not keep the order.", object{"type": "integer", "minimum": 1}),
		"secret":      about("The secret that deliveries are signed anew with, or several while they are rotated: env:NAME, file:PATH, or the secret itself.", words),
		"errors_to":   about("Where the provider's messages about failed deliveries go.", object{"type": []string{"string", "integer"}}),
		"reply":       about("Whether its answer can become that of the event's sender: relay, or ignore.", object{"enum": []string{string(replyRelayed), string(replyIgnored)}}),
		"set":         about("Rules of the provider that are to be otherwise for this endpoint, by path: policy.retry: announced. hookctl provider show lists them.", object{"type": "object"}),
	}
	wantDescribed(t, known, reflect.TypeFor[endpointConfig]())
	return object{
		"description": "Where deliveries go, by name. hookctl endpoint changes this section in place.",
		"type":        []string{"object", "null"},
		"propertyNames": object{
			"pattern": "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$", "maxLength": 100,
			"not": object{"anyOf": []any{object{"const": "all"}, object{"pattern": "^[0-9]+$"}}},
		},
		"additionalProperties": object{"type": "object", "additionalProperties": false, "properties": known, "required": []string{"url"}},
	}
}

// What the program refuses for its form the schema refuses, and nothing else.
func TestConfigSchemaJudgesAsTheProgramDoes(t *testing.T) {
	schema, err := jsonschema.Compile(configSchemaFile)
	if err != nil {
		t.Fatal(err)
	}
	for text, sound := range map[string]bool{
		"quiet: true\n": true,
		"listen:\n  port: 4401\n  forward-to: [http://localhost:3000]\n":    true,
		"listen:\n  forward-to: http://localhost:3000\n  max-body: 25MiB\n": true,
		"listen:\n":                               true,
		"captures:\n  list:\n    limit: 7\n":      true,
		"captures:\n  export:\n    format: har\n": true,
		"providers:\n":                            true,
		"providers:\n  stripe: {secret: env:S}\n": true,
		"providers:\n  acme:\n    secret: [env:A, file:b]\n    set: {policy.ack.deadline: 10s}\n    profile: ./acme\n": true,
		"verbos: true\n":                                             false,
		"quiet: yes\n":                                               false,
		"listen: {prot: 1}\n":                                        false,
		"listen: {port: many}\n":                                     false,
		"listen: {port: 70000}\n":                                    false,
		"listen: {port: [1]}\n":                                      false,
		"listen: 5\n":                                                false,
		"captures: {export: {format: xml}}\n":                        false,
		"config: x\n":                                                false,
		"providers: {stripe: {secrets: env:S}}\n":                    false,
		"providers: {\"../x\": {profile: stripe}}\n":                 false,
		"providers: {stripe: env:S}\n":                               false,
		"endpoints:\n":                                               true,
		"endpoints:\n  o.r_d-1: {url: http://x}\n":                   true,
		"endpoints: {o: {url: 3000, errors_to: 3001}}\n":             true,
		"endpoints: {o: {url: x:1, events: a, reply: ignore}}\n":     true,
		"endpoints: {o: {url: x:1, headers: {A: b, C: 1}}}\n":        true,
		"endpoints: {o: {url: x:1, headers: ['A: b', \"C:\"]}}\n":    true,
		"endpoints:\n  o:\n    url: x:1\n    headers:\n    - A: b\n": true,
		"endpoints: {o: {url: x:1, rate_limit: 5/s, concurrency: 2, secret: [a, b], set: {policy.x: 1}}}\n": true,
		"endpoints: {o: {}}\n":                          false,
		"endpoints: {o: x:1}\n":                         false,
		"endpoints: {all: {url: x:1}}\n":                false,
		"endpoints: {\"80\": {url: x:1}}\n":             false,
		"endpoints: {a/b: {url: x:1}}\n":                false,
		"endpoints: {.: {url: x:1}}\n":                  false,
		"endpoints: {o: {url: x:1, urls: b}}\n":         false,
		"endpoints: {o: {url: x:1, rate_limit: 5/d}}\n": false,
		"endpoints: {o: {url: x:1, concurrency: 0}}\n":  false,
		"endpoints: {o: {url: x:1, reply: no}}\n":       false,
		"endpoints: {o: {url: x:1, headers: [A]}}\n":    false,
		"endpoints: {o: {url: x:1, headers: a}}\n":      false,
		"endpoints: {o: {url: x:1, set: a}}\n":          false,
	} {
		var v any
		if err := yaml.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		made, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(made, &v); err != nil {
			t.Fatal(err)
		}
		_, a, byProgram := settled(t, text, nil, "captures", "list")
		if byProgram == nil {
			if _, byProgram = a.providers(); byProgram == nil {
				_, byProgram = a.endpoints()
			}
		}
		bySchema := schema.Validate(v)
		if (byProgram == nil) != sound || (bySchema == nil) != sound {
			t.Errorf("%q: the program says %v, the schema %v", text, byProgram, bySchema)
		}
	}
}
