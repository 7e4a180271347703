package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/spf13/cobra"
)

// profileSchema is the address of the JSON Schema of profiles, which editors use.
const profileSchema = "https://github.com/hookctl/hookctl/schemas/provider.schema.json"

type newProfileOptions struct {
	like string
	dir  string
}

func newProviderNew(a *app) *cobra.Command {
	o := &newProfileOptions{}
	cmd := &cobra.Command{
		Use:   "new NAME [flags]",
		Short: "begin a profile of your own",
		Long: `Begin a profile of your own: write NAME/provider.yaml, which works as it is and
explains itself. Change in it what is not so. A file that is there is never
overwritten.

With --like the new profile has all rules from another one, and says only what
differs; many providers sign as svix does.`,
		Example: "  hookctl provider new acme\n  hookctl provider new acme --like svix --dir providers",
		Args:    exactArgs("the name"),
		RunE: func(_ *cobra.Command, args []string) error {
			return runProviderNew(a, o, args[0])
		},
	}
	cmd.Flags().StringVar(&o.like, "like", "", "take all rules from `PROVIDER`, a bundled one")
	cmd.Flags().StringVar(&o.dir, "dir", ".", "make the folder of the profile in `DIR`")
	markPath(cmd.Flags(), "dir")
	return cmd
}

func runProviderNew(a *app, o *newProfileOptions, name string) error {
	if err := provider.CheckName(name); err != nil {
		return usage("", "provider new: the name: %w", err)
	}
	set, err := a.providers()
	if err != nil {
		return err
	}
	if _, err := set.library.Load(name); err == nil {
		return usage("take another name; --like "+name+" has its rules", "provider new: there is a bundled profile %s already", name)
	}
	text := newProfile(name)
	if o.like != "" {
		base, err := set.profile(o.like, a.world.Dir)
		if err != nil {
			return err
		}
		if isPath(o.like) {
			return usage("hookctl provider list shows them", "--like: want the name of a bundled profile, got %q", o.like)
		}
		text = newLikeProfile(name, base)
	}
	dir := filepath.Join(a.absolute(o.dir), name)
	path := filepath.Join(dir, provider.FileName)
	if err := writeNew(dir, path, text); err != nil {
		return err
	}
	return a.tellNewProfile(name, path)
}

// writeNew writes a file that must not be there yet.
func writeNew(dir, path, text string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return cannot("--dir DIR names another place", fmt.Errorf("provider new: %w", err))
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usage("hookctl provider lint "+path+" checks it", "provider new: there is a file %s already", path)
	}
	if err != nil {
		return cannot("--dir DIR names another place", fmt.Errorf("provider new: %w", err))
	}
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Close()); err != nil {
		return cannot("", fmt.Errorf("provider new: %w", err))
	}
	return nil
}

// tellNewProfile says where the profile is, and what can be done with it.
func (a *app) tellNewProfile(name, path string) error {
	if a.global.json {
		return render.WriteJSON(a.world.Stdout, map[string]string{"name": name, "path": path})
	}
	if _, err := fmt.Fprintln(a.world.Stdout, render.Safe(a.relative(path))); err != nil {
		return err
	}
	dir := filepath.Dir(a.relative(path))
	if !filepath.IsAbs(dir) {
		dir = "." + string(filepath.Separator) + dir
	}
	m := a.messages()
	m.Status("the new profile works as it is; change in it what is not so. Then:")
	for _, next := range []string{"provider lint " + dir, "secret generate " + dir, "listen --provider " + dir} {
		m.Status("  hookctl " + next)
	}
	return m.Err()
}

// newLikeProfile is a profile that has its rules from another.
func newLikeProfile(name string, base *provider.Profile) string {
	example := base.Event.Example
	if example == "" {
		example = "order.created"
	}
	return fill(likeProfile, name, base.Name, example)
}

// newProfile is a profile of which every rule can be seen.
func newProfile(name string) string { return fill(wholeProfile, name, "", "order.created") }

func fill(text, name, like, example string) string {
	return strings.NewReplacer(
		"@SCHEMA@", profileSchema, "@NAME@", name, "@TITLE@", titleOf(name), "@HEADER@", "X-"+strings.ReplaceAll(titleOf(name), " ", "-"),
		"@LIKE@", like, "@EXAMPLE@", example,
	).Replace(text)
}

// titleOf is a name as people may write it: "Acme Pay" of acme-pay.
func titleOf(name string) string {
	words := strings.Split(name, "-")
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, " ")
}

const likeProfile = `# yaml-language-server: $schema=@SCHEMA@
#
# How @NAME@ sends webhooks: as @LIKE@ does, but for what is said here.
# hookctl provider show ./@NAME@ lists all rules, hookctl provider lint ./@NAME@ checks this file.
name: @NAME@
title: @TITLE@
about: What it sends webhooks about.
like: @LIKE@

# A section that stands here (secret, body, detect, event, headers, signatures,
# handshakes, policy, endpoint) takes the place of the whole section of @LIKE@:
# hookctl provider show @LIKE@ --raw shows what to begin with.

# Where the facts come from, by short names for provenance.
sources:
  docs: https://example.com/docs/webhooks

# How each rule is known, or all rules below it: documented, announced, observed or assumed.
# Also rules of @LIKE@ can stand here, where it is known that they hold for @NAME@.
provenance:
  signatures: {is: assumed, from: [docs], note: said to be signed as @LIKE@ signs}
`

const wholeProfile = `# yaml-language-server: $schema=@SCHEMA@
#
# How @NAME@ sends webhooks. Every rule here is a guess: change what is not so, leave out
# what nobody knows, and say in provenance how each is known.
# hookctl provider lint ./@NAME@ checks this file.
name: @NAME@
title: @TITLE@
about: What it sends webhooks about.
# aliases: [@NAME@-sandbox]    # other names that mean the same
# api_version: 2026-01       # the version of the payloads, where there are several

# Where the facts come from, by short names for provenance.
sources:
  docs: https://example.com/docs/webhooks

secret:
  name: signing secret       # what @TITLE@ calls it
  form: hex                  # what hookctl secret generate makes: hex, base64, ed25519, ecdsa-p256 or rsa-2048
  # prefix: whsec_           # what each secret begins with
  # rotation: 24h            # how long the old secret still signs after a change

body:
  kind: json                 # json, form, xml or text
  content_type: application/json
  # items: data.events       # the list of events, where one body carries several

# By what a request is known to be from @TITLE@: any of these, each with all its conditions.
detect:
  any:
    - {"header:@HEADER@-Signature": "*"}

# Where the event's properties are: of several places the first that is there. A place is
# header:X-Name, json:path.to.it, form:field, query:field and more; in a text it stands in braces.
event:
  type: ["{header:@HEADER@-Event}", "{json:type}"]
  id: ["{header:@HEADER@-Id}", "{json:id}"]
  # time: ["{json:created_at}"]
  new_id: evt_ulid           # the id of a test event: uuid, ulid, hex or digits, with what stands before
  # stable_id: yes           # a repeated delivery has the id of the first: yes, no or unknown
  example: @EXAMPLE@           # the type of a test event
  # filter: required         # an endpoint must choose its events: none, optional or required

# The headers of a message besides the signature, in their order.
headers:
  @HEADER@-Id: "{id}"
  @HEADER@-Event: "{event}"
  @HEADER@-Timestamp: "{timestamp}"

signatures:
  # rule: prefer             # of several schemes: prefer (the first that is there decides), any or all
  schemes:
    v1:
      # hmac-sha1, hmac-sha256, hmac-sha512, sha1, sha256, token, bearer, basic, ed25519,
      # ecdsa-p256-sha256, rsa-pkcs1-sha1, rsa-pkcs1-sha256 or rsa-pss-sha512
      algorithm: hmac-sha256
      # key: {encoding: base64, prefixes: [whsec_]}    # where the secret is not taken as it is
      content: "{timestamp}.{body}"                    # what is signed
      in: header:@HEADER@-Signature                      # where the signature stands
      # prefix: sha256=                                # what stands before it
      # grammar: {list: ",", pair: "=", names: [v1], lead: ["t={timestamp}"]}    # t=1700000000,v1=5257a8...
      encoding: hex                                    # hex, base64 or base64url
      timestamp: {from: "header:@HEADER@-Timestamp", unit: s, tolerance: 5m}

# A request that asks whether the endpoint is yours, and the answer it wants.
# handshakes:
#   challenge:
#     when: {"json:challenge": "*"}
#     reply: {status: 200, content_type: text/plain, text: "{json:challenge}"}

policy:
  ack:
    statuses: [2xx]          # what acknowledges; all else has failed
    deadline: 10s            # how long the answer may take
  retry:
    attempts: 6              # in all, the first included
    delays: [1m, 5m, 30m, 2h, 8h]
    # exponential: {base: 1m, factor: 2, max: 12h}
    # window: 48h
    # jitter: 20             # percent by which a delay varies
  # actions:
  #   "410": {do: disable}
  # exhausted: [{do: discard}]
  # restamp: yes             # each attempt is signed anew

# How each rule is known, or all rules below it: documented, announced, observed or assumed.
provenance:
  secret: {is: assumed, from: [docs]}
  body: {is: assumed, from: [docs]}
  detect: {is: assumed, from: [docs]}
  event: {is: assumed, from: [docs]}
  headers: {is: assumed, from: [docs]}
  signatures: {is: assumed, from: [docs]}
  policy: {is: assumed, from: [docs]}
  policy.retry: {is: assumed, note: nothing says when it sends again}
`
