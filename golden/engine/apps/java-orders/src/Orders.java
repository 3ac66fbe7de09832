import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.FileHandler;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

public class Orders {
    private static final Logger LOG = Logger.getLogger("orders");

    public static void main(String[] args) throws IOException {
        Properties p = new Properties();
        try (InputStream in = Files.newInputStream(Path.of("config/application.properties"))) {
            p.load(in);
        }
        Path log = Path.of(p.getProperty("logging.file.name"));
        Files.createDirectories(log.getParent());
        FileHandler handler = new FileHandler(log.toString(), true);
        handler.setFormatter(new SimpleFormatter());
        LOG.addHandler(handler);

        var orders = new ConcurrentHashMap<String, String>();
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(p.getProperty("server.port"))), 0);
        server.createContext("/orders/", e -> {
            String id = e.getRequestURI().getPath().substring("/orders/".length());
            if (e.getRequestMethod().equals("PUT")) {
                LOG.info("order " + id);
                orders.put(id, new String(e.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            }
            reply(e, orders.getOrDefault(id, "none"));
        });
        server.createContext("/actuator/logfile", e -> reply(e, Files.readString(log)));
        server.createContext("/actuator/health", e -> reply(e, "{\"status\":\"UP\"}"));
        server.start();
        LOG.info("started on " + p.getProperty("server.port"));
    }

    private static void reply(HttpExchange e, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        e.sendResponseHeaders(200, body.length);
        e.getResponseBody().write(body);
        e.close();
    }
}
