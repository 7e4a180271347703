package cli

import (
	"fmt"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/spf13/cobra"
)

func newSecretSet(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "set PROVIDER [REF]",
		Short: "keep a secret of your own",
		Long: `Keep a secret that you copied from the provider, in the place of one that is
there. It is read from standard input where no REF is given.
` + secretRefHelp + `

Where the provider signs with a key pair the local secret is the private key. A
public one, which verifies only, is named under secret: in hookctl.yaml or after
--secret.

` + profileHelp,
		Example:           "  hookctl secret set recharge < secret.txt\n  hookctl secret set stripe env:STRIPE_WEBHOOK_SECRET",
		Args:              oneOrTwoArgs,
		ValidArgsFunction: a.completeFirst,
		RunE: func(_ *cobra.Command, args []string) error {
			ref := "-"
			if len(args) == 2 {
				ref = args[1]
			}
			return runSecretSet(a, args[0], ref)
		},
	}
}

func oneOrTwoArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 2 {
		return nil
	}
	return exactArgs("the provider")(cmd, args)
}

func runSecretSet(a *app, name, ref string) error {
	p, path, err := a.secretOwner(name)
	if err != nil {
		return err
	}
	if err := signs(p); err != nil {
		return err
	}
	key, err := a.secretKey(ref, a.world.Dir)
	if err != nil {
		return err
	}
	if key.Name == "" {
		key.Name = "the secret"
		a.messages().Warn("a secret on the command line shows in the process list; env:NAME, file:PATH and - do not")
	}
	if err := takes(p, key); err != nil {
		return usage("hookctl provider show "+name+" says which secret is meant", "%w", err)
	}
	if err := a.keepSecret(path, key.Secret); err != nil {
		return cannot("--store DIR names another place", fmt.Errorf("keeping the secret of %s: %w", p.Name, err))
	}
	what := "the secret"
	if usesKeyPair(p) {
		what = "the private key"
	}
	a.messages().Status(what + " of " + p.Name + " is kept in " + a.relative(path))
	if !a.global.json {
		return nil
	}
	return a.writeKept(p.Name, path)
}

// takes refuses a secret that p cannot sign with.
func takes(p *provider.Profile, key signature.Key) error {
	if _, err := signature.VerifyingKeys(p, []signature.Key{key}); err != nil {
		return err
	}
	return signature.CheckKey(p, key)
}
