# The frame of each page: menu, previous and next page, and the index of the search.
# docs/index.adoc alone says which pages there are, in which groups and in which order.
require 'json'

module Site
  DOCS = File.expand_path('..', __dir__)
  Page = Struct.new(:file, :title, :group)
  SECTIONS = {}

  def self.pages
    @pages ||= begin
      group = nil
      pages = [Page.new('index', 'Home', nil)]
      File.foreach(File.join(DOCS, 'index.adoc'), encoding: 'UTF-8') do |line|
        group = $1.strip if line =~ /^== (.+)/
        line.scan(/xref:([\w\/-]+)\.adoc\[([^\]]+)\]/) { pages << Page.new($1, $2, group) } if group
      end
      pages.uniq(&:file)
    end
  end

  def self.file(doc)
    doc.attr('docfile').delete_prefix("#{DOCS}/").delete_suffix('.adoc')
  end

  def self.root(doc)
    '../' * file(doc).count('/')
  end

  def self.link(doc, page, text = page.title, attributes = '')
    %(<a href="#{root(doc)}#{page.file}.html"#{attributes}>#{text}</a>)
  end

  def self.menu(doc)
    here = file(doc)
    groups = pages.group_by(&:group).map do |group, members|
      items = members.map do |page|
        %(<li>#{link(doc, page, page.title, page.file == here ? ' aria-current="page"' : '')}</li>)
      end
      (group ? "<h2>#{group}</h2>" : '') + "<ul>#{items.join}</ul>"
    end
    <<~HTML
      <nav id="menu" aria-label="Pages">
      <label for="menu-open">Menu</label><input type="checkbox" id="menu-open">
      <input type="search" id="search" placeholder="Search" aria-label="Search">
      <ol id="results" hidden></ol>
      <div id="pages">#{groups.join("\n")}</div>
      </nav>
    HTML
  end

  def self.neighbours(doc)
    here = pages.index { |page| page.file == file(doc) } or raise "not in docs/index.adoc: #{file(doc)}"
    before = here.positive? ? pages[here - 1] : nil
    after = pages[here + 1]
    <<~HTML
      <nav id="neighbours" aria-label="Previous and next page">
      #{before ? link(doc, before, "&larr; #{before.title}", ' rel="prev"') : '<span></span>'}
      #{after ? link(doc, after, "#{after.title} &rarr;", ' rel="next"') : '<span></span>'}
      </nav>
      <script src="#{root(doc)}site/lunr.js" defer></script>
      <script src="#{root(doc)}search-index.js" defer></script>
      <script src="#{root(doc)}site/site.js" data-root="#{root(doc)}" defer></script>
    HTML
  end

  # The sections of a page, as the search knows them.
  def self.sections(page, title, html)
    parts = html.split(/<h[2-4] id="([^"]+)">/)
    found = [[nil, title, parts.shift], *parts.each_slice(2).map do |id, rest|
      heading, text = rest.split(%r{</h[2-4]>}, 2)
      [id, plain(heading), text]
    end]
    found.map { |id, heading, text| { page: page, id: id, page_title: title, title: heading, text: plain(text) } }
  end

  def self.plain(html)
    html.gsub(/<[^>]+>/, ' ').gsub('&lt;', '<').gsub('&gt;', '>').gsub('&quot;', '"').gsub(/&#?\w+;/, ' ').split.join(' ')
  end

  # Outside of listings, short code and the groups of a number stay on one line.
  def self.unbroken(html)
    html.split(%r{(<pre.*?</pre>)}m).map do |part|
      next part if part.start_with?('<pre')
      part.gsub(%r{<code>([^<]{1,28})</code>}, '<code class="short">\\1</code>').gsub(/(?<=\d) (?=\d{3}\b)/, '&#160;')
    end.join
  end

  def self.write(doc)
    out = File.expand_path(root(doc), doc.attr('outdir'))
    File.write(File.join(out, 'search-index.js'), "var searchIndex = #{SECTIONS.values.flatten.to_json};\n")
    version = doc.attr('lunr-version')
    lunr = File.read("uri:classloader:/META-INF/resources/webjars/lunr/#{version}/lunr.min.js")
    Dir.mkdir(File.join(out, 'site')) unless Dir.exist?(File.join(out, 'site'))
    File.write(File.join(out, 'site', 'lunr.js'), lunr)
  end
end

Asciidoctor::Extensions.register do
  docinfo_processor do
    at_location :head
    process { |doc| %(<link rel="stylesheet" href="#{Site.root(doc)}site/site.css">) }
  end
  docinfo_processor do
    at_location :header
    process { |doc| Site.menu(doc) }
  end
  docinfo_processor do
    at_location :footer
    process { |doc| Site.neighbours(doc) }
  end
  postprocessor do
    process do |doc, output|
      body = output[/<div id="content">.*?(?=<nav id="neighbours")/m]
      title = Site.plain(doc.doctitle)
      Site::SECTIONS[Site.file(doc)] = Site.sections(Site.file(doc), title, body)
      Site.write(doc)
      Site.unbroken(output)
    end
  end
end
