package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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

// Every form is one that a setting has.
func TestConfigSchemaHasNoFormToSpare(t *testing.T) {
	text := string(configSchema(t))
	for name := range forms() {
		if !strings.Contains(text, `"#/$defs/`+name+`"`) {
			t.Errorf("nothing refers to the form %s", name)
		}
	}
}

type object = map[string]any

// configSchema describes hookctl.yaml: the global flags, a section for each command
// that has settings, the providers and the endpoints.
func configSchema(t *testing.T) []byte {
	t.Helper()
	schema := section(newRoot(&app{world: &World{}}))
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["$id"] = configSchemaURL
	schema["title"] = "The configuration of hookctl"
	schema["description"] = "hookctl.yaml: global settings at the top, and a section for each command, named like it, with that command's flags. The command line and the environment win over it. Paths are relative to the file."
	schema["examples"] = []any{object{
		"listen":     object{"port": 4400, "max-body": "25MiB"},
		providersKey: object{"stripe": object{"secret": "env:STRIPE_WEBHOOK_SECRET"}},
		endpointsKey: object{"orders": object{"url": "http://localhost:3000/hooks", "provider": "recharge", "events": []string{"order/*"}}},
	}}
	schema["$defs"] = forms()
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
		if ownFlag(cmd, f.Name) != nil {
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
	s := ref(formOf(f))
	if c, ok := f.Value.(*choice); ok {
		s = object{"enum": c.valid}
	}
	if f.DefValue != "" && !isList(f) {
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
	known := object{
		"profile":        about("The name of a bundled profile, or the file or folder of one of your own; the name of the entry where this is left out.", ref("word"), "stripe", "./acme"),
		"secret":         about("The secret, or several while they are rotated: env:NAME, file:PATH, or the secret itself.", ref("words"), "env:STRIPE_WEBHOOK_SECRET", []string{"env:NEW_SECRET", "file:old.secret"}),
		"signing_secret": about("The private key, where secret is a public key that verifies: env:NAME or file:PATH.", ref("word"), "file:private.pem"),
		"url":            about("The address that the provider sends to, which some providers sign.", ref("word"), "https://hooks.example.com/square"),
		"api_version":    about("The version of the payloads where a message does not say.", ref("word"), "2021-11"),
		"catalog":        about("The folder of its event catalog, where that is not the bundled or the imported one.", ref("word"), "./acme"),
		"set":            about("Rules of the profile that are to be otherwise, by path. hookctl provider show lists them.", object{"type": "object"}, object{"policy.ack.deadline": "10s"}),
	}
	wantDescribed(t, known, reflect.TypeFor[providerConfig]())
	return object{
		"description":          "The providers that you work with, by name.",
		"type":                 []string{"object", "null"},
		"propertyNames":        ref("provider_name"),
		"additionalProperties": object{"type": "object", "additionalProperties": false, "properties": known},
	}
}

// about is a schema that says what it is for, with examples.
func about(text string, schema object, examples ...any) object {
	schema["description"] = text
	schema["examples"] = examples
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
	known := object{
		"url":         about("Where deliveries go. A user and password in it are sent as Basic authentication, and never shown.", ref("target"), "http://localhost:3000/hooks", 3000),
		"provider":    about("The name of the provider whose policy and signature count; that of each event where this is left out.", ref("word"), "recharge"),
		"events":      about("The event types that it wants, as globs such as order/*; all of them where this is left out.", ref("globs"), "order/*", []string{"order/*", "charge/paid"}),
		"headers":     about("What is sent with each delivery: a mapping of names to values, or a list of 'Name: value'.", ref("fields"), object{"X-Tenant": "acme"}, []string{"X-Tenant: acme"}),
		"rate_limit":  about("How many attempts begin at most in a second, minute or hour.", ref("rate"), "5/s", "100/m", "1000/h"),
		"concurrency": about("How many attempts are under way at once, 1 where this is left out. More do not keep the order.", object{"$ref": ref("count")["$ref"], "default": 1}, 4),
		"secret":      about("The secret that deliveries are signed anew with, or several while they are rotated: env:NAME, file:PATH, or the secret itself.", ref("words"), "env:ORDERS_SECRET"),
		"errors_to":   about("Where the provider's messages about failed deliveries go.", ref("target"), "http://localhost:3000/errors"),
		"reply":       about("Whether its answer can become that of the event's sender: relay, or ignore.", object{"enum": []string{string(replyRelayed), string(replyIgnored)}, "default": replyRelayed}, replyIgnored),
		"set":         about("Rules of the provider that are to be otherwise for this endpoint, by path. hookctl provider show lists them.", object{"type": "object"}, object{"policy.retry": "announced"}),
	}
	wantDescribed(t, known, reflect.TypeFor[endpointConfig]())
	return object{
		"description":          "Where deliveries go, by name. hookctl endpoint changes this section in place.",
		"type":                 []string{"object", "null"},
		"propertyNames":        ref("endpoint_name"),
		"additionalProperties": object{"type": "object", "additionalProperties": false, "properties": known, "required": []string{"url"}},
	}
}
