package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/schema"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/hookctl/hookctl/schemas"
	"github.com/spf13/cobra"
)

// configSchemaURL is the $id of the schema of hookctl.yaml.
const configSchemaURL = "urn:hookctl:config"

// configSchemaFlag asks doctor for the schema of hookctl.yaml.
const configSchemaFlag = "config-schema"

// A configChecker holds files against the schema of hookctl.yaml, as editors do.
type configChecker struct {
	schema *schema.Schema
	text   any // the schema itself, for what it says of a rule
}

func newConfigChecker() (*configChecker, error) {
	text := []byte(schemas.Config())
	c := &configChecker{}
	var err error
	if c.schema, err = schema.Compile(configSchemaURL, text, schema.Options{}); err != nil {
		return nil, err
	}
	c.text, err = jsontext.Parse(text, jsontext.Limits{Depth: schema.MaxDepth})
	return c, err
}

// check returns what is wrong with the text of a file, in its order, each with its place.
// Nothing is said of what is no YAML that hookctl reads: the reader tells of that.
func (c *configChecker) check(path string, text []byte) ([]error, error) {
	doc, err := yamldoc.Parse(path, text)
	if err != nil {
		return nil, nil
	}
	made, err := yamldoc.ToJSON(path, text)
	if err != nil {
		return nil, err
	}
	v := c.schema.Check(made)
	if v.Outcome.Passed() {
		return nil, nil
	}
	var faults []error
	for i := range v.Faults {
		if f := &v.Faults[i]; f.Class != hook.ClassDoubt {
			faults = append(faults, doc.ErrorAt(f.Pointer, isAboutKey(f), "%s", c.words(f)))
		}
	}
	if v.More > 0 {
		faults = append(faults, fmt.Errorf("%s: and %d more", path, v.More))
	}
	return faults, nil
}

// isAboutKey reports whether a fault is in a key, or in a mapping that lacks one.
func isAboutKey(f *hook.Fault) bool {
	return f.Class == hook.ClassMissing || f.Kind == "additionalProperties" || f.Kind == "propertyNames"
}

// words say what is wrong in the words of the program: with the name of the setting, and what
// can stand there.
func (c *configChecker) words(f *hook.Fault) string {
	tokens := jsontext.Tokens(f.Pointer)
	if f.Kind == "additionalProperties" && len(tokens) > 0 {
		key, holder := tokens[len(tokens)-1], tokens[:len(tokens)-1]
		text := fmt.Sprintf("unknown setting %q", key)
		if len(holder) > 0 {
			text += " under " + strings.Join(holder, " ")
		}
		return text + suggestion(key, c.keysBeside(f.Rule, "properties"))
	}
	message := f.Message
	if wanted := c.wanted(f); wanted != "" {
		_, got, _ := strings.Cut(message, ", got ")
		message = "want " + wanted
		if !mayHoldSecret(f) {
			message += ", got " + got
		}
	}
	if before, _, text := strings.Cut(message, ", got string "); text && f.Kind == "type" {
		message = before + ", got a text" // which may be a secret that stands in the wrong place
	}
	if len(tokens) == 0 {
		return message
	}
	return strings.Join(tokens, ".") + ": " + message
}

// mayHoldSecret reports whether a value can be one with a password or a key in it, which is
// not told: a URL, or the line of a header.
func mayHoldSecret(f *hook.Fault) bool {
	_, form, _ := strings.Cut(f.Rule, "#/$defs/")
	form, _, _ = strings.Cut(form, "/")
	return f.Kind == "pattern" && slices.Contains([]string{"target", "header", "headers", "line"}, form)
}

// keysBeside are the keys of another keyword of the schema that has a rule.
func (c *configChecker) keysBeside(rule, keyword string) []string {
	properties, _ := c.beside(rule, keyword).(*jsontext.Object)
	return properties.Keys()
}

// wanted are the words of the schema for values of a form; "" where it has none.
func (c *configChecker) wanted(f *hook.Fault) string {
	if !strings.Contains(f.Rule, "#/$defs/") || !strings.Contains(f.Message, ", got ") {
		return ""
	}
	text, _ := c.beside(f.Rule, "description").(string)
	return text
}

// beside is the value of another keyword of the schema that has a rule.
func (c *configChecker) beside(rule, keyword string) any {
	_, pointer, _ := strings.Cut(rule, "#")
	pointer = pointer[:max(0, strings.LastIndexByte(pointer, '/'))]
	value, _ := jsontext.At(c.text, pointer+"/"+keyword)
	return value
}

// printConfigSchema prints the schema of hookctl.yaml as it is.
func (a *app) printConfigSchema(cmd *cobra.Command) error {
	if cmd.Flags().Changed("repair") || cmd.Flags().Changed("port") {
		return usage("", "--%s excludes --repair and --port: nothing is checked", configSchemaFlag)
	}
	_, err := io.WriteString(a.world.Stdout, schemas.Config())
	return err
}

// examineByConfigSchema holds hookctl.yaml against its schema, and tells what none of the
// findings told: the program's own check ends with the first thing that is wrong.
func (a *app) examineByConfigSchema(told []finding) []finding {
	const check = "configuration"
	if a.file == nil {
		return nil
	}
	faults, err := a.configFaults()
	if err != nil {
		return []finding{{check, ill, err.Error(), ""}}
	}
	var findings []finding
	for _, fault := range faults {
		var at *yamldoc.Error
		if errors.As(fault, &at) && slices.ContainsFunc(told, func(f finding) bool { return strings.Contains(f.Detail, placeText(at)) }) {
			continue
		}
		findings = append(findings, finding{check, ill, fault.Error(), ""})
	}
	if n := len(findings); n > 0 {
		findings[n-1].Hint = "hookctl doctor --" + configSchemaFlag + " prints what can stand there, for editors"
	}
	return findings
}

// configFaults are what the schema finds wrong with hookctl.yaml.
func (a *app) configFaults() ([]error, error) {
	text, err := os.ReadFile(a.file.path)
	if err != nil {
		return nil, cannot("", fmt.Errorf("configuration: %w", err))
	}
	c, err := newConfigChecker()
	if err != nil {
		return nil, err
	}
	return c.check(a.file.path, text)
}

// placeText is how errors begin that have the place of at.
func placeText(at *yamldoc.Error) string {
	return fmt.Sprintf("%s:%d:%d: ", at.File, at.Line, at.Column)
}
