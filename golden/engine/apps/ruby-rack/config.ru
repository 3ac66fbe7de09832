require 'fileutils'

STORE = File.join(__dir__, 'storage')
FileUtils.mkdir_p(STORE)

run lambda { |env|
  path = File.join(STORE, File.basename(env['PATH_INFO']))
  if env['REQUEST_METHOD'] == 'PUT'
    File.write(path, env['rack.input'].read)
    [201, { 'content-type' => 'text/plain' }, ["created\n"]]
  elsif File.file?(path)
    [200, { 'content-type' => 'text/plain' }, [File.read(path)]]
  else
    [200, { 'content-type' => 'text/plain' }, ["rack app\n"]]
  end
}
