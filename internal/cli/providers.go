package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/identify"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/hookctl/hookctl/schemas"
)

// A knownProvider is a profile with what the user has configured for it.
type knownProvider struct {
	*provider.Profile
	// keys are for verifying; signing are for signing, where these are others.
	keys    []signature.Key
	signing []signature.Key
	// url is where the provider sends to, as far as the user says.
	url string
	// configured says that the user works with it: it stands in hookctl.yaml, or has a
	// local secret.
	configured bool
	// troubles are what keeps configured secrets from being read.
	troubles []error
}

// A providerConfig is one entry of the section providers of hookctl.yaml.
type providerConfig struct {
	Name string `yaml:",key"`
	// Profile is the name of a bundled profile, or the file or folder of another; the
	// entry's own name where it is empty.
	Profile string `yaml:"profile"`
	// Secret names the secrets; several while they are rotated.
	Secret []string `yaml:"secret"`
	// SigningSecret names the private key, where a public one verifies.
	SigningSecret string `yaml:"signing_secret"`
	// URL is the address that the provider sends to, which some sign.
	URL string `yaml:"url"`
	// Catalog is the folder of its event catalog, where that is not the bundled one.
	Catalog    string                `yaml:"catalog"`
	APIVersion string                `yaml:"api_version"`
	Set        []provider.Assignment `yaml:"set"`
}

// providerSet is where commands get their providers from.
type providerSet struct {
	app     *app
	library *provider.Library
	configs []providerConfig
	entries map[string]yamldoc.Entry // of configs, by name
	dir     string                   // of hookctl.yaml
}

// providers reads the section providers of hookctl.yaml.
func (a *app) providers() (*providerSet, error) {
	set := &providerSet{app: a, library: provider.NewLibrary(schemas.Files()), dir: a.world.Dir}
	if a.file == nil {
		return set, nil
	}
	set.dir = filepath.Dir(a.file.path)
	for _, entry := range a.file.entries {
		if entry.Key == providersKey && !entry.Value.IsNull() {
			err := entry.Value.Decode(&set.configs, providersKey)
			if err == nil {
				set.entries, err = providerEntries(entry.Value)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return set, nil
}

// load returns the provider called name: an entry of hookctl.yaml, a bundled
// profile, or the file or folder of one.
func (ps *providerSet) load(name string) (*knownProvider, error) {
	p, c, err := ps.find(name)
	if err != nil {
		return nil, err
	}
	if c != nil {
		return ps.loadConfigured(c)
	}
	known := &knownProvider{Profile: p}
	return known, ps.addLocalSecret(known)
}

// find returns the profile called name, or the entry of hookctl.yaml that name means.
func (ps *providerSet) find(name string) (*provider.Profile, *providerConfig, error) {
	if c := ps.config(name); c != nil {
		return nil, c, nil
	}
	p, err := ps.profile(name, ps.app.world.Dir)
	if err != nil {
		return nil, nil, err
	}
	// The name of an alias may be that under which it is configured.
	if c := ps.config(p.Name); c != nil && !isPath(name) {
		return nil, c, nil
	}
	return p, nil, nil
}

// config returns the entry of hookctl.yaml called name; nil where there is none.
func (ps *providerSet) config(name string) *providerConfig {
	for i := range ps.configs {
		if ps.configs[i].Name == name {
			return &ps.configs[i]
		}
	}
	return nil
}

// profileOf returns the profile called name, with the rules that hookctl.yaml sets,
// and looks for no secrets.
func (ps *providerSet) profileOf(name string) (*provider.Profile, error) {
	p, c, err := ps.find(name)
	if err != nil || c == nil {
		return p, err
	}
	return ps.configuredProfile(c)
}

// providerEntries are the entries of the section by name. It refuses names that no provider
// can have: they become paths, and the names of files.
func providerEntries(section yamldoc.Node) (map[string]yamldoc.Entry, error) {
	entries, _ := section.Entries()
	named := map[string]yamldoc.Entry{}
	for _, entry := range entries {
		if err := provider.CheckName(entry.Key); err != nil {
			return nil, entry.Errorf("a provider's name: %v", err)
		}
		named[entry.Key] = entry
	}
	return named, nil
}

// configuredProfile returns the profile of an entry, with the rules that it sets.
func (ps *providerSet) configuredProfile(c *providerConfig) (*provider.Profile, error) {
	from := c.Profile
	if from == "" {
		from = c.Name
	}
	p, err := ps.profile(from, ps.dir)
	if err != nil {
		return nil, ps.misnamed(c, err)
	}
	p.Name = c.Name
	if c.APIVersion != "" {
		if err := p.Set(configName, "api_version", strconv.Quote(c.APIVersion)); err != nil {
			return nil, err
		}
	}
	if err := p.SetAll(c.Set); err != nil {
		return nil, err
	}
	return p, nil
}

// loadConfigured returns the provider of an entry.
func (ps *providerSet) loadConfigured(c *providerConfig) (*knownProvider, error) {
	p, err := ps.configuredProfile(c)
	if err != nil {
		return nil, err
	}
	known := &knownProvider{Profile: p, url: c.URL, configured: true}
	for _, ref := range c.Secret {
		known.keys = ps.addSecret(known, known.keys, ref)
	}
	if c.SigningSecret != "" {
		known.signing = ps.addSecret(known, nil, c.SigningSecret)
	}
	if len(known.keys) == 0 && len(known.signing) > 0 { // its other half verifies
		known.keys, err = signature.VerifyingKeys(p, known.signing)
		known.addTrouble(err)
	}
	if len(known.keys) > 0 || len(known.troubles) > 0 {
		return known, nil
	}
	return known, ps.addLocalSecret(known)
}

func (known *knownProvider) addTrouble(err error) {
	if err != nil {
		known.troubles = append(known.troubles, err)
	}
}

// addSecret appends the secret that ref names, or notes why it cannot be read: a
// configuration may name secrets that this machine does not have.
func (ps *providerSet) addSecret(known *knownProvider, keys []signature.Key, ref string) []signature.Key {
	if ref == "-" { // it would be read by whatever command comes first
		known.addTrouble(usage("env:NAME and file:PATH name a secret there", "%s: a secret in %s cannot be read from standard input", known.Name, configName))
		return keys
	}
	key, err := ps.app.secretKey(ref, ps.dir)
	if err != nil {
		known.addTrouble(err)
		return keys
	}
	if key.Name == "" {
		key.Name = "the secret in " + configName
	}
	return append(keys, key)
}

// addLocalSecret gives known the secret that hookctl keeps, if there is one.
func (ps *providerSet) addLocalSecret(known *knownProvider) error {
	key, found, err := ps.app.localSecret(known.Name)
	if err != nil || !found {
		return err
	}
	known.configured = true
	known.signing = []signature.Key{key}
	known.keys, err = signature.VerifyingKeys(known.Profile, known.signing)
	if err != nil {
		return cannot("hookctl secret set "+known.Name+" REF keeps another", err)
	}
	return nil
}

// profile returns the profile that name stands for: a bundled one, or a file, or a
// folder with one, relative to dir.
func (ps *providerSet) profile(name, dir string) (*provider.Profile, error) {
	if !isPath(name) {
		p, err := ps.library.Load(name)
		var unknown *provider.UnknownError
		if errors.As(err, &unknown) {
			hint := "hookctl provider list shows them; ./FOLDER in the place of the name takes one of your own"
			if unknown.Near != "" {
				hint = "did you mean " + unknown.Near + "?"
			}
			if hasFile(filepath.Join(dir, name), provider.FileName) {
				hint = "did you mean ./" + name + "?"
			}
			return nil, usage(hint, "%w", err)
		}
		return p, err
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, provider.FileName)
	}
	text, err := readProfile(path)
	if err != nil {
		return nil, cannot("hookctl provider new NAME begins one", fmt.Errorf("provider: %w", err))
	}
	return ps.library.Parse(ps.app.relative(path), text)
}

// maxProfile is the largest profile that is read, in bytes; what is larger than
// profiles may be is cut, and refused.
const maxProfile = 2 << 20

func readProfile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxProfile))
}

// isPath reports whether name is that of a file or folder.
func isPath(name string) bool {
	return strings.ContainsAny(name, `/\`) || name == "." || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// signingKeys are those that known is signed with.
func (known *knownProvider) signingKeys() []signature.Key {
	if len(known.signing) > 0 {
		return known.signing
	}
	return known.keys
}

// names are those of every provider that has a profile: in hookctl.yaml, then the bundled
// ones that it does not name.
func (ps *providerSet) names() ([]string, error) {
	bundled, err := ps.library.Names()
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range ps.configs {
		if c := &ps.configs[i]; !ps.bare(c) {
			names = append(names, c.Name)
		}
	}
	for _, name := range bundled {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// all returns every provider: those of hookctl.yaml, then the bundled ones that it
// does not name. Those that cannot be loaded are left out, and the error tells of
// each.
func (ps *providerSet) all() ([]*knownProvider, error) {
	names, err := ps.names()
	if err != nil {
		return nil, err
	}
	var all []*knownProvider
	var faults []error
	for _, name := range names {
		known, err := ps.load(name)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		all = append(all, known)
	}
	return all, errors.Join(faults...)
}

// allProviders returns every provider that hookctl.yaml, local secrets and the
// bundled profiles make known.
func (a *app) allProviders() ([]*knownProvider, error) {
	set, err := a.providers()
	if err != nil {
		return nil, err
	}
	return set.all()
}

// sources are what all tells, for an identify.Set.
func sources(all []*knownProvider) []identify.Source {
	made := make([]identify.Source, len(all))
	for i, known := range all {
		made[i] = identify.Source{Profile: known.Profile, Keys: known.keys, URL: known.url, Configured: known.configured}
	}
	return made
}
