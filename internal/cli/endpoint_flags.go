package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/spf13/cobra"
)

// endpointOptions are what endpoint add and endpoint edit can say of an endpoint.
type endpointOptions struct {
	url, errorsTo targetURL
	provider      string
	events        []string
	header        headers
	rate          rateLimit
	concurrency   int
	secrets       []string
	reply         choice
	set           []string
	dryRun        bool
}

func (o *endpointOptions) flags(a *app, cmd *cobra.Command) {
	o.reply = choice{valid: []string{string(replyRelayed), string(replyIgnored)}}
	flags := cmd.Flags()
	flags.Var(&o.url, "url", "deliver to `URL`, such as http://localhost:3000/hooks; 3000 is http://localhost:3000")
	flags.StringVar(&o.provider, "provider", "", "`PROVIDER` whose policy and signature count (default: that of each event)")
	flags.StringArrayVar(&o.events, "events", nil, "deliver events whose type fits `GLOB`, such as 'order/*'; may be repeated")
	flags.Var(&o.header, "header", "send `'NAME: VALUE'` with each delivery; may be repeated")
	flags.Var(&o.rate, "rate-limit", "begin at most so many attempts in a time, as `N/s`, N/m or N/h")
	flags.IntVar(&o.concurrency, "concurrency", 1, "have `N` attempts under way at once; more than 1 does not keep the order")
	flags.StringArrayVar(&o.secrets, "secret", nil, "sign deliveries anew with the secret `REF`, env:NAME or file:PATH; may be repeated")
	flags.Var(&o.errorsTo, "errors-to", "send the provider's messages about failed deliveries to `URL`")
	flags.Var(&o.reply, "reply", "relay: its answer can become the sender's; ignore: never")
	flags.StringArrayVar(&o.set, "set", nil, "override a rule of the provider for it, as `RULE=VALUE`; may be repeated")
	flags.BoolVar(&o.dryRun, "dry-run", false, "print what would change in hookctl.yaml, and change nothing")
}

// changes are what the flags that were given say, for the entry of an endpoint.
func (o *endpointOptions) changes(a *app, cmd *cobra.Command) ([]yamldoc.Field, error) {
	var fields []yamldoc.Field
	given := func(flag, key string, value func() (yamldoc.Value, error)) error {
		if !cmd.Flags().Changed(flag) {
			return nil
		}
		v, err := value()
		fields = append(fields, yamldoc.Field{Key: key, Value: v})
		return err
	}
	text := func(v string) func() (yamldoc.Value, error) {
		return func() (yamldoc.Value, error) { return yamldoc.Text(v), nil }
	}
	err := errors.Join(
		given("url", "url", text(o.url.String())),
		given("provider", "provider", text(o.provider)),
		given("events", "events", o.eventsValue),
		given("header", "headers", func() (yamldoc.Value, error) { return o.headerValue(), nil }),
		given("rate-limit", "rate_limit", text(o.rate.String())),
		given("concurrency", "concurrency", func() (yamldoc.Value, error) {
			if o.concurrency < 1 {
				return nil, usage("", "--concurrency: want 1 or more, got %d", o.concurrency)
			}
			return yamldoc.Plain(strconv.Itoa(o.concurrency)), nil
		}),
		given("secret", "secret", func() (yamldoc.Value, error) { return o.secretValue(a) }),
		given("errors-to", "errors_to", text(o.errorsTo.String())),
		given("reply", "reply", text(o.reply.value)),
	)
	if err != nil {
		return nil, err
	}
	rules, err := o.ruleFields()
	if err == nil && len(rules) > 0 {
		fields = append(fields, yamldoc.Field{Key: "set", Value: rules})
	}
	return fields, err
}

func (o *endpointOptions) eventsValue() (yamldoc.Value, error) {
	for _, glob := range o.events {
		if strings.TrimSpace(glob) == "" {
			return nil, usage("hookctl endpoint edit NAME --unset events takes them all", "--events: want an event type or a glob such as 'order/*', got nothing")
		}
		if strings.Contains(glob, ",") {
			return nil, usage("--events order/created --events 'charge/*' names two", "--events: want one event type or glob each time, got %q", glob)
		}
	}
	return yamldoc.List(o.events), nil
}

// headerValue is the headers of the flags: a mapping where that can have them.
func (o *endpointOptions) headerValue() yamldoc.Value {
	if !unique(hook.Header(o.header)) {
		return headerLines(hook.Header(o.header))
	}
	var fields yamldoc.Mapping
	for _, f := range o.header {
		fields = append(fields, yamldoc.Field{Key: f.Name, Value: yamldoc.Text(f.Value)})
	}
	return fields
}

// secretValue is the secrets as hookctl.yaml names them: files relative to it.
func (o *endpointOptions) secretValue(a *app) (yamldoc.Value, error) {
	dir := a.world.Dir
	if a.file != nil {
		dir = filepath.Dir(a.file.path)
	}
	var refs yamldoc.List
	for _, ref := range o.secrets {
		path, isFile := strings.CutPrefix(ref, "file:")
		switch {
		case isFile && path != "" && !filepath.IsAbs(path):
			rel, err := filepath.Rel(dir, a.absolute(path))
			if err != nil {
				return nil, cannot("", fmt.Errorf("--secret: %w", err))
			}
			refs = append(refs, "file:"+filepath.ToSlash(rel))
		case isFile && path != "", strings.HasPrefix(ref, "env:") && ref != "env:":
			refs = append(refs, ref)
		default:
			return nil, usage("hookctl endpoint rotate-secret NAME makes a secret and keeps it where only you can read it",
				"--secret: want env:NAME or file:PATH, which hookctl.yaml can name without having the secret in it")
		}
	}
	if len(refs) == 1 {
		return yamldoc.Text(refs[0]), nil
	}
	return refs, nil
}

func (o *endpointOptions) ruleFields() (yamldoc.Mapping, error) {
	var rules yamldoc.Mapping
	for _, assignment := range o.set {
		rule, value, ok := strings.Cut(assignment, "=")
		rule = strings.TrimPrefix(strings.TrimSpace(rule), ruleSetting)
		if !ok || rule == "" {
			return nil, usage("hookctl provider show PROVIDER lists the rules", "--set: want RULE=VALUE, such as policy.ack.deadline=10s, got %q", assignment)
		}
		written, err := ruleText(value)
		if err != nil {
			return nil, usage("", "%w", err)
		}
		rules = append(rules, yamldoc.Field{Key: rule, Value: written})
	}
	return rules, nil
}

// ruleText is a value of --set as it is written. What was typed without the space behind
// a colon gets it: other readers of YAML need it, and editing does.
func ruleText(value string) (yamldoc.Plain, error) {
	node, err := yamldoc.ParseValue("--set", value)
	if err != nil {
		return "", err
	}
	if _, word := node.Text(); word || node.IsNull() {
		return yamldoc.Plain(value), nil
	}
	return yamldoc.Plain(node.Flow()), nil
}
