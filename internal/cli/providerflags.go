package cli

import (
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/spf13/pflag"
)

// providerOptions are the flags that say whose messages are meant.
type providerOptions struct {
	provider string
	secrets  []string
	set      []string

	keys []signature.Key // of secrets, where these can be read once only
}

// flags adds --provider, --secret and --set. verb says what the secret is for.
func (o *providerOptions) flags(flags *pflag.FlagSet, verb string) {
	flags.Var(&oneValue{text: &o.provider}, "provider", "`PROVIDER` by its name, or ./FOLDER of a profile of your own")
	flags.StringArrayVar(&o.secrets, "secret", nil, "secret to "+verb+" with, as `REF`; may be repeated")
	flags.StringArrayVar(&o.set, "set", nil, "override a rule of the profile, as `RULE=VALUE`; may be repeated")
}

// load returns the provider called name as the flags have it: rules overridden,
// and with the secrets of --secret, where there are any, in the place of its own.
func (o *providerOptions) load(a *app, name string) (*knownProvider, error) {
	set, err := a.providers()
	if err != nil {
		return nil, err
	}
	known, err := set.load(name)
	if err != nil {
		return nil, err
	}
	if err := o.override(known); err != nil {
		return nil, err
	}
	if len(o.secrets) == 0 {
		return known, nil
	}
	keys, err := o.readSecrets(a)
	known.keys, known.signing, known.configured, known.troubles = keys, nil, true, nil
	return known, err
}

// readSecrets reads the secrets of --secret: files and the environment each time,
// others once.
func (o *providerOptions) readSecrets(a *app) ([]signature.Key, error) {
	if o.keys != nil {
		return o.keys, nil
	}
	keys, err := a.secretKeys(o.secrets)
	if slices.ContainsFunc(o.secrets, func(ref string) bool { return !strings.HasPrefix(ref, "env:") && !strings.HasPrefix(ref, "file:") }) {
		o.keys = keys
	}
	return keys, err
}

// override sets the rules that --set names, in any order.
func (o *providerOptions) override(known *knownProvider) error {
	hint := "hookctl provider show " + known.Name + " lists the rules"
	var all []provider.Assignment
	for _, assignment := range o.set {
		rule, text, ok := strings.Cut(assignment, "=")
		if !ok {
			return usage(hint, "--set: want RULE=VALUE, such as policy.ack.deadline=10s, got %q", assignment)
		}
		value, err := yamldoc.ParseValue("--set", text)
		if err != nil {
			return usage(hint, "%w", err)
		}
		all = append(all, provider.Assignment{Path: strings.TrimSpace(rule), Value: value})
	}
	if err := known.SetAll(all); err != nil {
		return usage(orDefault(settingMeant(known, o.set, err), hint), "%w", err)
	}
	return nil
}

// settingMeant is the hint for a --set that cannot be, by err; "" where nothing is known that
// would be better.
func settingMeant(known *knownProvider, set []string, err error) string {
	for _, assignment := range set {
		rule, text, _ := strings.Cut(assignment, "=")
		if meant := known.Meant(strings.TrimSpace(rule), text); meant != "" {
			return "did you mean --set " + shellWord(meant) + "?"
		}
	}
	if strings.Contains(err.Error(), "policy.retry.") {
		return "all of it at once: --set policy.retry='{attempts: 3, delays: [2s, 3s]}'"
	}
	return ""
}

// noSecret is the failure of a command that needs a secret and has none.
func noSecret(known *knownProvider) error {
	for _, trouble := range known.troubles {
		return trouble
	}
	return usage("hookctl secret generate "+known.Name+" makes one, --secret env:NAME or file:PATH names one", "there is no secret for %s", known.Name)
}

// checkKeys refuses secrets that no scheme of known could verify with.
func checkKeys(known *knownProvider, keys []signature.Key) error {
	for _, key := range keys {
		if err := signature.CheckVerifyingKey(known.Profile, key); err != nil {
			return usage("hookctl provider show "+known.Name+" says which secret is meant", "%w", err)
		}
	}
	return nil
}
