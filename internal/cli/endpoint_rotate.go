package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/spf13/cobra"
)

type rotateOptions struct {
	keep period
	show bool
}

func newEndpointRotate(a *app) *cobra.Command {
	o := &rotateOptions{}
	cmd := &cobra.Command{
		Use:        "rotate-secret NAME [flags]",
		SuggestFor: []string{"rotate"},
		Short:      "make an endpoint a new secret of its own",
		Long: `Make an endpoint a new secret, of the form that its provider's have, and keep it
where only you can read it. Deliveries are signed anew with it. The secret that
was is signed with as well for as long as the provider does that after a change:
24 hours at Svix, not at all where nothing says so. --keep says otherwise.

The secret is printed with --show alone, and by hookctl secret show --endpoint
NAME later. One that hookctl.yaml names is changed where it is, not here.`,
		Example:           "  hookctl endpoint rotate-secret orders\n  export WEBHOOK=$(hookctl endpoint rotate-secret orders --keep 0s --show)",
		Args:              exactArgs("the endpoint's name"),
		ValidArgsFunction: a.endpointNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.editing(cmd.Context(), func() error { return runEndpointRotate(a, o, args[0], cmd.Flags().Changed("keep")) })
		},
	}
	cmd.Flags().Var(&o.keep, "keep", "sign with the old secret too for `PERIOD`, such as 24h")
	cmd.Flags().BoolVar(&o.show, "show", false, "print the new secret on standard output")
	return cmd
}

func runEndpointRotate(a *app, o *rotateOptions, name string, keeps bool) error {
	e, err := a.findEndpoint(name)
	if err != nil {
		return err
	}
	if err := e.rotatable(); err != nil {
		return err
	}
	p, err := e.profileFor(a, "")
	if err != nil {
		return err
	}
	if err := signs(p); err != nil {
		return err
	}
	keep := time.Duration(o.keep)
	if !keeps {
		keep = time.Duration(p.Secret.Rotation)
	}
	if keeps && keep > 0 && !signsWithSeveral(p) {
		return usage("without --keep the new secret counts at once", "--keep: a message of %s has room for one signature", p.Name)
	}
	old := e.keys
	if len(old) == 0 {
		old = e.provider.signingKeys()
	}
	text, err := generate(p)
	if err != nil {
		return cannot("", fmt.Errorf("making a secret for %s: %w", p.Name, err))
	}
	ring := &secretRing{Secret: text}
	if keep > 0 {
		ring.Before, err = a.oldSecrets(name, old, a.world.Now().UTC().Add(keep))
		if err != nil {
			return err
		}
	}
	return a.keepRing(name, ring, p, o.show)
}

// rotatable refuses endpoints whose secret hookctl cannot change.
func (e *knownEndpoint) rotatable() error {
	switch {
	case len(e.config.Secret) > 0:
		return usage("name both under secret: while the old one counts, or hookctl endpoint edit "+e.Name+" --unset secret lets hookctl keep it",
			"endpoint %s has its secret from %s: change it there", e.Name, secretSource(e.config.Secret[0]))
	case e.provider == nil:
		return usage("hookctl endpoint edit "+e.Name+" --provider PROVIDER", "endpoint %s names no provider: there is nobody to sign like", e.Name)
	}
	return nil
}

// secretSource is where a secret that hookctl.yaml names comes from. One that stands there
// itself is not told.
func secretSource(ref string) string {
	if strings.HasPrefix(ref, "env:") || strings.HasPrefix(ref, "file:") {
		return ref
	}
	return configName + " itself"
}

// signsWithSeveral reports whether a message of p has room for the signatures of several
// secrets.
func signsWithSeveral(p *provider.Profile) bool {
	for i := range p.Signatures.Schemes {
		if s := &p.Signatures.Schemes[i]; !s.Legacy && s.Codec == "" && s.Grammar.List == "" && len(s.In) < 2 {
			return false
		}
	}
	return true
}

// oldSecrets are those that still count until the time until. One that was rotated away
// before keeps its own time.
func (a *app) oldSecrets(name string, keys []signature.Key, until time.Time) ([]oldSecret, error) {
	ring, err := a.endpointRing(name)
	if err != nil {
		return nil, err
	}
	var old []oldSecret
	for _, key := range keys {
		last := until
		if ring != nil {
			for _, before := range ring.Before {
				if before.Secret == key.Secret && before.Until.Before(until) {
					last = before.Until
				}
			}
		}
		old = append(old, oldSecret{key.Secret, last})
	}
	return old, nil
}

// keepRing keeps the secrets of an endpoint, and says what counts now.
func (a *app) keepRing(name string, ring *secretRing, p *provider.Profile, show bool) error {
	path, err := a.endpointRingPath(name)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(ring, "", "  ")
	if err != nil {
		return err
	}
	if err := a.keepSecret(path, string(text)); err != nil {
		return cannot("--store DIR names another place", fmt.Errorf("keeping the secret of endpoint %s: %w", name, err))
	}
	m := a.messages()
	m.Status("endpoint " + name + " has a new secret, kept in " + a.relative(path))
	if !show {
		m.Hint("hookctl secret show --endpoint " + name + " prints it, for your server's configuration")
	}
	changed := endpointChanged{Name: name, Action: actionRotate}
	switch {
	case len(ring.Before) > 0:
		changed.OldSecretUntil = ring.Before[0].Until.UTC().Truncate(time.Microsecond)
		m.Status("deliveries are signed with the old one too until " + ring.Before[0].Until.Local().Format("2006-01-02 15:04:05 -07:00"))
	case p.Secret.Rotation == 0:
		m.Status("it counts at once: nothing says that " + p.Name + " signs with the old one for a while")
	default:
		m.Status("it counts at once")
	}
	if changed.Secret = ring.Secret; !show {
		changed.Secret = ""
	}
	switch {
	case a.global.json:
		return render.WriteJSON(a.world.Stdout, changed)
	case !show:
		return nil
	}
	return a.printSecret(p.Name, "secret", ring.Secret)
}
